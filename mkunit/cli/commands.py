"""The commands: where each lives, and what it is for in a few words."""

COMMANDS: dict[str, tuple[str, str]] = {
    "apply": ("mkunit.cli.apply", "bring the machine to what the units files say"),
    "automount": ("mkunit.cli.automount", "a folder that is mounted at the first access"),
    "build": ("mkunit.cli.build", "render the units files into the build folder"),
    "check": ("mkunit.cli.check", "check the units files, for several systemds at once if need be"),
    "completions": ("mkunit.cli.completions", "completions for bash, zsh and fish, and the man page"),
    "confirm": ("mkunit.cli.confirm", "keep what `apply --confirm` has done"),
    "edit": ("mkunit.cli.edit", "edit an installed unit, checked before it lands"),
    "explain": ("mkunit.cli.explain", "what a directive takes, or what the lines of a unit file do"),
    "graph": ("mkunit.cli.graph", "the units and what starts what: a tree, a drawing, or data"),
    "history": ("mkunit.cli.history", "the generations that are kept"),
    "init": ("mkunit.cli.init", "a repository to start from"),
    "link": ("mkunit.cli.link", "make unit files known to systemd where they are"),
    "list": ("mkunit.cli.status", "what mkunit has installed"),
    "logs": ("mkunit.cli.logs", "what units have logged"),
    "mount": ("mkunit.cli.mount", "a file system on a folder"),
    "path": ("mkunit.cli.path", "something to start when files appear or change"),
    "plan": ("mkunit.cli.plan", "what an apply would change, and why"),
    "probe": ("mkunit.cli.probe", "who answers at an address, and how quickly"),
    "recover": ("mkunit.cli.recover", "end an apply that was interrupted"),
    "remove": ("mkunit.cli.remove", "remove units that mkunit has installed"),
    "rollback": ("mkunit.cli.rollback", "bring back an older generation"),
    "run": ("mkunit.cli.run", "try a socket-activated service without installing it"),
    "service": ("mkunit.cli.service", "a program to run"),
    "show": ("mkunit.cli.show", "the files of an installed unit, drop-ins included"),
    "slice": ("mkunit.cli.slice", "a share of the machine, for units to run in"),
    "socket": ("mkunit.cli.socket", "a service to start when somebody connects"),
    "status": ("mkunit.cli.status", "how it stands: running, changed, waiting for a restart"),
    "swap": ("mkunit.cli.swap", "a place to swap to"),
    "target": ("mkunit.cli.target", "a group of units to start together"),
    "timer": ("mkunit.cli.timer", "something to start at times"),
    "validate": ("mkunit.cli.validate", "check unit files as systemd would read them"),
}

# How the help shows them; a command that is in no group comes last.
GROUPS: dict[str, tuple[str, ...]] = {
    "units as Python": ("init", "build", "check", "graph", "plan", "apply", "history", "rollback", "import"),
    "one unit, from flags": (
        "service", "socket", "timer", "path", "mount", "automount", "swap", "target", "slice",
    ),
    "what is installed": (
        "list", "status", "show", "logs", "explain", "validate", "security", "edit", "link", "remove",
    ),
    "to try things": ("run", "probe"),
}  # fmt: skip
