"""`python -m mkunit` is the command `mkunit`."""

from mkunit.cli.main import run

if __name__ == "__main__":
    run()
