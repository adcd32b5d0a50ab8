"""The commands: where each lives, and what it is for in a few words."""

COMMANDS: dict[str, tuple[str, str]] = {
    "build": ("mkunit.cli.build", "render the units files into the build folder"),
    "check": ("mkunit.cli.check", "check the units files, for several systemds at once if need be"),
    "explain": ("mkunit.cli.explain", "what a directive takes, or what the lines of a unit file do"),
    "socket": ("mkunit.cli.socket", "one socket unit, from flags"),
    "validate": ("mkunit.cli.validate", "check unit files as systemd would read them"),
}
