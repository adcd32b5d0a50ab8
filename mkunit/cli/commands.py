"""The commands: where each lives, and what it is for in a few words."""

COMMANDS: dict[str, tuple[str, str]] = {
    "build": ("mkunit.cli.build", "render the units files into the build folder"),
    "socket": ("mkunit.cli.socket", "one socket unit, from flags"),
    "validate": ("mkunit.cli.validate", "check unit files as systemd would read them"),
}
