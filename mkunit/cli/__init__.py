"""The command line: argv in, exit code out; only here are arguments, the environment and exits looked at."""
