"""The commands: where each lives, and what it is for in a few words."""

COMMANDS: dict[str, tuple[str, str]] = {
    "automount": ("mkunit.cli.automount", "one automount unit, from flags"),
    "build": ("mkunit.cli.build", "render the units files into the build folder"),
    "check": ("mkunit.cli.check", "check the units files, for several systemds at once if need be"),
    "edit": ("mkunit.cli.edit", "edit an installed unit, checked before it lands"),
    "explain": ("mkunit.cli.explain", "what a directive takes, or what the lines of a unit file do"),
    "graph": ("mkunit.cli.graph", "the units and what starts what: a tree, a drawing, or data"),
    "link": ("mkunit.cli.link", "make unit files known to systemd where they are"),
    "logs": ("mkunit.cli.logs", "what units have logged"),
    "mount": ("mkunit.cli.mount", "one mount unit, from flags"),
    "path": ("mkunit.cli.path", "one path unit, from flags"),
    "service": ("mkunit.cli.service", "one service unit, from flags"),
    "show": ("mkunit.cli.show", "the files of an installed unit, drop-ins included"),
    "slice": ("mkunit.cli.slice", "one slice unit, from flags"),
    "socket": ("mkunit.cli.socket", "one socket unit, from flags"),
    "swap": ("mkunit.cli.swap", "one swap unit, from flags"),
    "target": ("mkunit.cli.target", "one target unit, from flags"),
    "timer": ("mkunit.cli.timer", "one timer unit, from flags"),
    "validate": ("mkunit.cli.validate", "check unit files as systemd would read them"),
}
