"""What `[tool.mkunit]` in the user's pyproject.toml says; wrong settings are errors with their line."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from attrs import Factory, evolve, frozen

from mkunit.catalog import OLDEST
from mkunit.errors import Diagnostic, Origin, SettingsError, near
from mkunit.model.unit import SCOPES

FILE = "pyproject.toml"
_KEYS = ("units", "output", "scope", "systemd", "params", "hosts", "check")
_CHECK_KEYS = ("select", "ignore", "baseline", "strict")
_HOST = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_LINE = re.compile(r"\s*(?:\[([^][]+)\]|([\w.\"' -]+?)\s*=)")
_PART = re.compile(r"\"[^\"]*\"|'[^']*'|[\w-]+")
Scalar = str | int | float | bool


@frozen
class Host:
    """A machine that the units are built for: its parameters, and its systemd where it has another."""

    name: str
    params: Mapping[str, Scalar]
    systemd: int | None = None


@frozen
class Checks:
    """What `mkunit check` looks for: codes of rules, a file of findings that are known, and what counts as an error."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    baseline: Path | None = None
    strict: bool = False


@frozen
class Settings:
    """A project: where its units are, where they go, and what they are built for."""

    root: Path
    units: Path
    output: Path
    scope: str = "system"
    systemd: int = OLDEST
    params: Mapping[str, Scalar] = Factory(dict)
    hosts: Mapping[str, Host] = Factory(dict)
    check: Checks = Checks()

    def with_scope(self, scope: str | None) -> "Settings":
        """The same project with another default scope."""
        return evolve(self, scope=scope) if scope else self

    def host(self, name: str) -> Host:
        """A host by name; SettingsError where there is none."""
        if found := self.hosts.get(name):
            return found
        known = ", ".join(f"`{host}`" for host in self.hosts) or "none"
        message = f"there is no host `{name}`"
        hint = f"write a table [tool.mkunit.hosts.{name}] in {FILE}; those that there are: {known}"
        raise SettingsError(Diagnostic("unknown-host", message, _meant(name, self.hosts) or hint))


def find(start: Path) -> Settings:
    """The project that a folder belongs to: the nearest one above it with `[tool.mkunit]`, or with a `units` folder."""
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / FILE).is_file() and (table := _table(folder / FILE)) is not None:
            return _Reader(folder / FILE, table).settings()
    root = next((folder for folder in (start, *start.parents) if (folder / "units").is_dir()), start)
    return Settings(root, root / "units", root / "build")


def called(settings: Settings) -> str:
    """What a project goes by where it is not alone: its name in pyproject.toml, or its folder's."""
    try:
        document = tomllib.loads((settings.root / FILE).read_text(encoding="utf-8"))
        found = document.get("project", {}).get("name")
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, AttributeError):
        found = None
    text = found if isinstance(found, str) and found else settings.root.name
    return "".join(c if c.isalnum() or c in "._-" else "-" for c in text).lstrip(".") or "project"


def _table(file: Path) -> dict[str, object] | None:
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        line = int(found[1]) if (found := re.search(r"line (\d+)", str(error))) else 0
        text = str(error).partition(" (at ")[0]
        raise SettingsError(Diagnostic("bad-settings", f"is not TOML: {text}", None, Origin(FILE, line))) from None
    except OSError as error:
        raise SettingsError(
            Diagnostic("bad-settings", f"cannot be read: {error.strerror}", None, Origin(str(file)))
        ) from None
    tool = document.get("tool")
    table = tool.get("mkunit") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        message = f"`tool.mkunit` is {table!r}"
        raise SettingsError(Diagnostic("bad-settings", message, "write it as a table: [tool.mkunit]", Origin(FILE)))
    return table


class _Reader:
    """One table, taken apart; every complaint names the file, the line, and what to write."""

    def __init__(self, file: Path, table: dict[str, object]) -> None:
        self.file, self.table = file, table

    def settings(self) -> Settings:
        for key in self.table:
            if key not in _KEYS:
                hint = _meant(key, _KEYS) or f"the keys are {', '.join(_KEYS)}"
                raise self.wrong((key,), f"`{key}` is not a setting of mkunit", hint)
        root = self.file.parent
        return Settings(
            root,
            root / self.text("units", "units"),
            root / self.text("output", "build"),
            self.scope(),
            self.systemd(self.table.get("systemd", OLDEST)),
            self.scalars(("params",), self.mapping("params")),
            {name: self.host(name, value) for name, value in self.mapping("hosts").items()},
            self.checks(self.mapping("check")),
        )

    def checks(self, table: Mapping[str, object]) -> Checks:
        """`[tool.mkunit.check]`."""
        for key in table:
            if key not in _CHECK_KEYS:
                hint = _meant(key, _CHECK_KEYS) or f"the keys are {', '.join(_CHECK_KEYS)}"
                raise self.wrong(("check", key), f"`{key}` is not a setting of `mkunit check`", hint)
        file, strict = table.get("baseline"), table.get("strict", False)
        if file is not None and (not isinstance(file, str) or not file):
            raise self.wrong(("check", "baseline"), f"`baseline` is {file!r}", "write the name of a file")
        if not isinstance(strict, bool):
            raise self.wrong(("check", "strict"), f"`strict` is {strict!r}", "write true or false")
        select, ignore = (self.codes(key, table.get(key, [])) for key in ("select", "ignore"))
        return Checks(select, ignore, self.file.parent / file if file else None, strict)

    def codes(self, key: str, value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(code, str) for code in value):
            hint = f'write a list of codes: {key} = ["bare-port-is-public"]'
            raise self.wrong(("check", key), f"`{key}` is {value!r}", hint)
        return tuple(value)

    def wrong(self, where: tuple[str, ...], message: str, hint: str | None = None) -> SettingsError:
        return SettingsError(Diagnostic("bad-settings", message, hint, Origin(FILE, self.line(where))))

    def line(self, where: tuple[str, ...]) -> int:
        """The line of a key, or else of the table that it is in, as well as that can be told from the file's text."""
        lines = self.file.read_text(encoding="utf-8").split("\n")
        keys = [_key(line) for line in lines]
        at = next((i for i, key in enumerate(keys) if key[:2] == ("tool", "mkunit")), None)
        if at is None:
            return 0
        for word in where:
            at = next((i for i, key in enumerate(keys[at:], at) if word in key), at)
        return at + 1

    def text(self, key: str, default: str) -> str:
        value = self.table.get(key, default)
        if not isinstance(value, str) or not value:
            raise self.wrong((key,), f"`{key}` is {value!r}", f'write a folder\'s name, such as "{default}"')
        return value

    def scope(self) -> str:
        value = self.table.get("scope", "system")
        if value not in SCOPES:
            raise self.wrong(("scope",), f"`scope` is {value!r}", 'write "system" or "user"')
        return str(value)

    def systemd(self, value: object, where: tuple[str, ...] = ()) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value < OLDEST:
            hint = f"write the version of the oldest systemd that is to run the units, {OLDEST} or newer"
            raise self.wrong((*where, "systemd"), f"`systemd` is {value!r}", hint)
        return value

    def mapping(self, key: str) -> dict[str, object]:
        value = self.table.get(key, {})
        if not isinstance(value, dict):
            raise self.wrong((key,), f"`{key}` is {value!r}", f"write it as a table: [tool.mkunit.{key}]")
        return value

    def scalars(self, where: tuple[str, ...], table: Mapping[str, object]) -> dict[str, Scalar]:
        found: dict[str, Scalar] = {}
        for key, value in table.items():
            if not isinstance(value, str | int | float | bool):
                message = f"`{key}` in [tool.mkunit.{'.'.join(where)}] is {value!r}"
                raise self.wrong((*where, key), message, "give it a string, a number or a boolean")
            found[key] = value
        return found

    def host(self, name: str, value: object) -> Host:
        if not isinstance(value, dict):
            hint = f"write it as a table: [tool.mkunit.hosts.{name}]"
            raise self.wrong(("hosts", name), f"the host `{name}` is {value!r}", hint)
        if not _HOST.fullmatch(name):
            raise self.wrong(("hosts", name), f"`{name}` is no host name", "use letters, digits, `.`, `-` and `_`")
        rest = {key: item for key, item in value.items() if key != "systemd"}
        systemd = self.systemd(value["systemd"], ("hosts", name)) if "systemd" in value else None
        return Host(name, self.scalars(("hosts", name), rest), systemd)


def _key(line: str) -> tuple[str, ...]:
    """The key that a line of TOML sets, or the name of the table that it begins, in its parts."""
    found = _LINE.match(line)
    return tuple(part.strip("\"' ") for part in _PART.findall(found[1] or found[2])) if found else ()


def _meant(word: str, words: Mapping[str, object] | tuple[str, ...]) -> str | None:
    found = near(word, words)
    return f"did you mean `{found}`?" if found else None
