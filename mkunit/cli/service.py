"""`mkunit service`: one service unit from flags."""

from argparse import ArgumentParser, Namespace

from mkunit.cli import curated, oneoff, program, prompt
from mkunit.cli.curated import Flag
from mkunit.cli.ui import Ui
from mkunit.dsl import Service
from mkunit.model.unit import Unit

USAGE = "mkunit service NAME --exec CMD [options]"
FLAGS = (
    Flag("--type", "type", "TYPE", "when it counts as started: simple, exec, forking, oneshot, notify, …"),
    Flag("--user", "user", "USER", "the user that it runs as; with --system"),
    Flag("--group", "group", "GROUP", "the group that it runs as; with --system"),
    Flag("--workdir", "working_directory", "PATH", "the folder that it runs in"),
    Flag("--env-file", "environment_file", "PATH", "a file of variables; with a leading `-` it may be missing"),
    Flag("--restart", "restart", "WHEN", "no, on-failure, always, on-success, on-abnormal, on-abort or on-watchdog"),
    Flag("--restart-sec", "restart_sec", "SPAN", "how long to wait before that"),
    Flag("--state-directory", "state_directory", "NAME", "a folder of its own in /var/lib, or in the user's state"),
    *curated.DEPENDENCIES,
    curated.WANTED_BY,
)
_SPELLED = curated.spelled(FLAGS) | {
    "exec_start": "--exec", "environment": "--env", "hardening": "--hardening",
    "ambient_capabilities": "--cap-add", "capability_bounding_set": "--cap-drop",
}  # fmt: skip
_EPILOG = """examples:
  mkunit service web --exec "gunicorn app:app" --env PORT=8080 --restart on-failure --install --start
  mkunit service backup --type oneshot --exec ./backup.sh --arg=--all --arg "my files" --dry-run
  mkunit service api --exec /usr/local/bin/api --user api --hardening --cap-add NET_BIND_SERVICE --system --install"""


def arguments(parser: ArgumentParser, name: str) -> None:
    parser.description = "One service unit. A program that is named without its folder is looked up here."
    parser.epilog = _EPILOG
    parser.add_argument("name", nargs="?", metavar="NAME", help="the unit's name, without .service")
    program.arguments(parser, "the command line, as systemd reads it")
    parser.add_argument("--env", action="append", metavar="KEY=VALUE", help="a variable, exactly as it is; may repeat")
    parser.add_argument("--cap-add", action="append", metavar="CAP", help="a capability that it has: NET_BIND_SERVICE")
    parser.add_argument("--cap-drop", action="append", metavar="CAP", help="one that it can never have, or `all`")
    parser.add_argument(
        "--hardening",
        nargs="?",
        const="strict",
        metavar="PROFILE",
        help="take rights away by a profile (default: strict)",
    )
    curated.arguments(parser, "service", FLAGS)
    oneoff.arguments(parser, "service")


def run(given: Namespace, ui: Ui) -> int:
    prompt.name(given, ui, "service", lambda text: Service(text, exec_start="/bin/true"), "NAME --exec CMD")
    if given.command_line is None and not any(text.startswith("Exec") for text in given.set):
        if not ui.interactive:
            raise oneoff.usage("no-command", f"`{given.name}` runs nothing", "give it `--exec CMD`")
        given.command_line = prompt.asked(ui, "Command to run", lambda text: _attempt(text, given))
    for flag in ("user", "group"):
        if curated.value(given, flag) and not given.system:
            message = f"`--{flag}`: your own systemd cannot run a service as somebody else"
            raise oneoff.usage("scope", message, f"add `--system`, or leave out `--{flag}`")
    return oneoff.run(given, ui, "service", lambda: [_build(given, ui)], _SPELLED)


def _attempt(text: str, given: Namespace) -> None:
    Service("x", exec_start=program.resolved(text, (), given, Ui(quiet=True)))


def _build(given: Namespace, ui: Ui) -> Unit:
    own: dict[str, object] = {}
    if (line := program.line(given, ui)) is not None:
        own["exec_start"] = line
    if given.env:
        own["environment"] = _environment(given.env)
    if given.hardening is not None:
        own["hardening"] = given.hardening
        if not given.system and not any(text.startswith("PrivateUsers=") for text in given.set):
            # A user's systemd has no rights to take away but those of a namespace of its own (218/CAPABILITIES).
            own["private_users"] = True
    own |= _capabilities(given)
    found = curated.options(given, ui, "service", FLAGS, own, _SPELLED)
    return Service(given.name, **found)  # type: ignore[arg-type]  # checked when it is built


def _environment(assignments: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in assignments:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise oneoff.usage("usage", f"`--env {text}` is no assignment", "write `--env KEY=VALUE`")
        if name in found:
            raise oneoff.usage("usage", f"`--env`: `{name}` is given twice", "leave one of them out")
        found[name] = value
    return found


def _capabilities(given: Namespace) -> dict[str, object]:
    """What is added is there from the start, whoever runs it; what is dropped can never come back (capabilities(7))."""
    added, dropped = (list(map(_capability, texts or ())) for texts in (given.cap_add, given.cap_drop))
    if both := set(added) & set(dropped):
        raise oneoff.usage("usage", f"`{min(both)}` is added and dropped", "leave out one of them")
    found: dict[str, object] = {"ambient_capabilities": " ".join(added)} if added else {}
    if "CAP_ALL" in dropped or (added and given.hardening):
        found["capability_bounding_set"] = " ".join(added)
    elif dropped:
        found["capability_bounding_set"] = "~" + " ".join(dropped)
    return found


def _capability(text: str) -> str:
    """Its name as systemd spells it: `net_admin` is CAP_NET_ADMIN."""
    if not text:
        raise curated.empty("--cap-add` or `--cap-drop")
    name = text.upper()
    return name if name.startswith("CAP_") else f"CAP_{name}"
