"""One unit from flags: what the commands `socket`, `service`, … share, from the flags that all have to the writing."""

from argparse import SUPPRESS, ArgumentParser, Namespace
from collections.abc import Callable, Mapping, Sequence

from mkunit import catalog
from mkunit.cli.ui import Ui
from mkunit.dsl.collect import NEWEST, Load, loading
from mkunit.errors import Diagnostic, MkunitError, UsageError, near
from mkunit.model.target import Target
from mkunit.model.unit import Unit, UnitFile
from mkunit.pipeline import Built, assemble

Build = Callable[[], Sequence[Unit]]  # first the unit that is enabled and started, then what it starts


def arguments(parser: ArgumentParser, kind: str) -> None:
    """The flags of every one-off command; a service has another `--user`, for whom it runs as."""
    parser.add_argument(
        "--description", metavar="TEXT", help="what the unit is, for people (default: made from the name)"
    )
    parser.add_argument(
        "--set", action="append", default=[], metavar="DIRECTIVE=VALUE", help="any other directive; may repeat"
    )
    group = parser.add_argument_group("what becomes of it")
    scopes = group.add_mutually_exclusive_group()
    scopes.add_argument("--system", action="store_true", help="system scope instead of user scope")
    scopes.add_argument("--global", dest="for_all", action="store_true", help="as root: user scope, for all users")
    scopes.add_argument("--for-user", metavar="USER", help="as root: for another user, with that user's rights")
    group.add_argument("--install", action="store_true", help="put it into the unit directory")
    group.add_argument("--enable", action="store_true", help="start it at boot, or at login; implies --install")
    group.add_argument("--start", action="store_true", help="start it now; implies --install")
    group.add_argument("--dry-run", action="store_true", help="print the unit file, write nothing")
    group.add_argument(
        "-o",
        "--output",
        metavar="PATH",
        help=f"where to write; `-` is standard output, *.py gets Python (default: ./NAME.{kind})",
    )
    group.add_argument("--python", action="store_true", help="the same unit as a units file")
    group.add_argument("--force", action="store_true", help="replace a file that differs, without asking")
    if kind != "service":
        group.add_argument("--user", dest="user_scope", action="store_true", default=False, help=SUPPRESS)


def usage(code: str, message: str, hint: str | None = None) -> UsageError:
    """An error in the flags."""
    return UsageError(Diagnostic(code, message, hint))


def directives(given: Namespace, kind: str) -> dict[str, object]:
    """`--set Directive=value`, as keywords and `extra`; a directive that is given twice is a line each."""
    lines: dict[str, list[str]] = {}
    extra: list[tuple[str, str, str]] = []
    names = {name: keyword for keyword, (_, name) in catalog.keywords(kind).items()}
    for text in given.set:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise usage("usage", f"`--set {text}` is no assignment", "write `--set Directive=value`")
        if name in names:
            lines.setdefault(names[name], []).append(value)
        elif name.startswith("X-"):
            extra.append((catalog.sections(kind)[1], name, value))
        else:
            meant = names and near(name, names)
            hint = f"did you mean `{meant}`?" if meant else "names are those of unit files, such as `FreeBind=yes`"
            raise usage("unknown-directive", f"`--set {text}`: `{name}` is not a directive of {_article(kind)}", hint)
    options: dict[str, object] = {k: v[0] if len(v) == 1 else v for k, v in lines.items()}
    return options | ({"extra": extra} if extra else {})


def _article(kind: str) -> str:
    return f"an {kind}" if kind[0] == "a" else f"a {kind}"


def _set(given: Namespace, kind: str) -> dict[str, str]:
    """The keywords whose flag is `--set`, even where they have one of their own."""
    names = {text.partition("=")[0] for text in given.set}
    return {k: f"--set {name}" for k, (_, name) in catalog.keywords(kind).items() if name in names} if names else {}


def run(given: Namespace, ui: Ui, kind: str, build: Build, spelled: Mapping[str, str]) -> int:
    """Build the units, check them by themselves, and do with them what the flags say."""
    if given.output == "":
        raise usage("usage", "`--output` names no file", "name one, or leave it out")
    built = _built(given, ui, kind, build, spelled)
    units, files = built.graph.units, built.files
    if len(files) > 1:  # the first unit comes first, whatever its name is
        files = tuple(sorted(files, key=lambda file: [unit.path for unit in units].index(file.path)))
    installs = given.enable or given.start or given.install
    prints = given.dry_run or given.output == "-"
    if prints and not ui.json:
        _print(given, ui, units, files)
    written = None
    if installs:
        from mkunit.cli import installing  # only where the machine is to change

        written = installing.install(given, ui, units, files)
    elif not prints:
        from mkunit.cli import writing  # only where something is written

        written = writing.write_units(given, ui, units, files)
    if ui.json:
        from mkunit.cli import made  # only where it is asked for

        ui.document(made.document(units, files, written, python=is_python(given) and not installs))
    return 0


def _built(given: Namespace, ui: Ui, kind: str, build: Build, spelled: Mapping[str, str]) -> Built:
    """The units and their files; complaints speak of flags."""
    scope = "system" if given.system else "user"
    spelled = {**spelled, "extra": "--set", **_set(given, kind)}
    words = {**{k: f"--set {name}" for k, (_, name) in catalog.keywords(kind).items()}, **spelled}
    load = Load(scope=scope, systemd=NEWEST, spelled=words)
    try:
        with loading(load):
            units = build()
        built = assemble(units, scope, Target(NEWEST), tuple(load.warnings))
    except MkunitError as error:
        raise UsageError(*(_in_flags(d, spelled) for d in error.diagnostics)) from None
    ui.diagnostics(_in_flags(d, spelled) for d in built.warnings)
    return built


def is_python(given: Namespace) -> bool:
    """Whether a units file is wanted, and not unit files."""
    return given.python or (given.output or "").endswith(".py")


def _print(given: Namespace, ui: Ui, units: Sequence[Unit], files: Sequence[UnitFile]) -> None:
    """Exactly the file on standard output; of several, each has its name above it."""
    if is_python(given):
        from mkunit.renderer import source  # only where Python is asked for

        ui.data(source.text(units))
    elif len(files) == 1:
        ui.data(files[0].text)
    else:
        ui.data("\n".join(f"# {file.path}\n{file.text}" for file in files))


def _in_flags(found: Diagnostic, spelled: Mapping[str, str]) -> Diagnostic:
    """A finding whose words are the commands and flags, not the builders and keywords of a units file."""
    import re  # only where something is wrong

    def flag(match: re.Match[str]) -> str:
        return f"`{spelled[match[1]]}`" if match[1] in spelled else match[0]

    def command(match: re.Match[str]) -> str:
        return f"`{match[2]}`" if match[2] else f"`mkunit {match[1].lower()}`"

    hint = found.hint and re.sub(r"\b([A-Z][a-z]+)\((?:'(.+)')?\)", command, found.hint)
    hint = hint and re.sub(r'\bwrite "([^"`]+)"', r"write `\1`", hint)
    return found._replace(
        message=re.sub(r"`(\w+)(=[^`]*)?`", flag, found.message),
        hint=hint and re.sub(r"`(\w+)(=[^`]*)?`", flag, hint),
    )
