"""From what a user calls a unit to its name, and to the sentence that describes it."""

from os import PathLike, fspath

from mkunit import catalog
from mkunit.dsl.wrong import wrong
from mkunit.model.name import escape, escape_path, parse
from mkunit.model.text import controls, percent
from mkunit.model.unit import Unit

_SENTENCES = {
    "timer": "Timer for {}",
    "path": "Path watch for {}",
    "mount": "Mount of {}",
    "automount": "Automount of {}",
    "swap": "Swap on {}",
}


def unit_name(kind: str, given: object) -> str:
    """The full name of a unit of a kind: `web`, `web@`, `web@blue` and `web.socket` are all taken.

    >>> unit_name("socket", "web@")
    'web@.socket'
    """
    if not isinstance(given, str):
        raise wrong("wrong-type", f"the name of a {kind} is a str, not {type(given).__name__}")
    stem, _, suffix = given.rpartition(".")
    if suffix == kind and stem:
        return _checked(given, stem)
    if stem and suffix in catalog.kinds():
        hint = f'write "{stem}", or use {suffix.capitalize()}()'
        raise wrong("bad-name", f"`{given}` is the name of a {suffix}, not of a {kind}", hint)
    return _checked(f"{given}.{kind}", given)


def _checked(name: str, stem: str) -> str:
    try:
        parse(name)
    except ValueError as error:
        if controls(stem):
            raise wrong("control-character", f"{stem!r} is no unit name: it contains a control character") from None
        prefix, at, instance = stem.partition("@")
        better = escape(prefix) + at + escape(instance)
        hint = f'write "{better}", which is how systemd escapes it' if prefix and len(better) < 200 else None
        raise wrong("bad-name", f"`{stem}` is no unit name: {error}", hint) from None
    return name


def dropin_name(given: object) -> str:
    """The full name of the unit that a drop-in is for."""
    name = str(given) if isinstance(given, str | Unit) else ""
    if not name.rpartition(".")[0] or name.rpartition(".")[2] not in catalog.kinds():
        raise wrong(
            "bad-name", f"{given!r} is not a full unit name", 'name the unit with its suffix, such as "nginx.service"'
        )
    return _checked(name, name.rpartition(".")[0])


def file_name(given: object) -> str:
    """The file name of a drop-in."""
    if not isinstance(given, str) or not given or "/" in given or given.startswith(".") or controls(given):
        raise wrong("bad-name", f"{given!r} is no file name for a drop-in", 'write a name such as "50-limits.conf"')
    return given if given.endswith(".conf") else f"{given}.conf"


def path_name(kind: str, given: object) -> tuple[str, str]:
    r"""Name and path of a unit that is named after a path (systemd-escape(1)).

    >>> path_name("mount", "/mnt/my data")
    ('mnt-my\\x20data.mount', '/mnt/my data')
    """
    path = fspath(given) if isinstance(given, str | PathLike) else ""
    if not isinstance(path, str) or not path.startswith("/"):
        raise wrong("bad-name", f"a {kind} takes an absolute path, not {given!r}", f'write {kind.capitalize()}("/…")')
    if controls(path):
        raise wrong("control-character", f"{path!r} contains a control character")
    try:
        name = f"{escape_path(path)}.{kind}"
        parse(name)
    except ValueError as error:
        raise wrong("bad-name", f"`{path}` cannot be a {kind}: {error}") from None
    return name, "/" + "/".join(part for part in path.split("/") if part not in ("", "."))


def sentence(name: str, path: str | None = None) -> str:
    """A readable `Description=` made from name and kind.

    >>> sentence("ssh-proxy.socket"), sentence("web@.service")
    ('ssh-proxy socket', 'web service, instance %I')
    """
    parts = parse(name)
    if path is not None:
        return _SENTENCES[parts.kind].format(percent(path))
    what = _SENTENCES.get(parts.kind, f"{{}} {parts.kind}").format(parts.prefix)
    if parts.instance is None:
        return what
    return f"{what}, instance {'%I' if parts.is_template else parts.instance}"
