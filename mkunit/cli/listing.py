"""`mkunit list`: what mkunit has installed, in few columns; `mkunit status` says more."""

from mkunit.cli.status import arguments, run

USAGE = "mkunit list [NAME…] [options]"
__all__ = ["USAGE", "arguments", "run"]
