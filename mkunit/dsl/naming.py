"""From what a user calls a unit to its name, and to the sentence that describes it."""

from contextlib import suppress
from os import PathLike, fspath

from mkunit import catalog
from mkunit.dsl.wrong import wrong
from mkunit.model.name import KINDS, LIMIT, escape, escape_path, is_many, is_name, parse, unescape
from mkunit.model.text import controls, percent
from mkunit.model.unit import Unit

DROPIN = "50-mkunit.conf"
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
        raise wrong("wrong-type", f"the name of a {kind} is a str, not {given!r}", 'write a name such as "web"')
    stem, dot, suffix = given.rpartition(".")
    if not stem and (not given or (dot and suffix in KINDS)):
        raise wrong("bad-name", f'the name of a {kind} is missing in "{given}"', 'give it one, such as "web"')
    if suffix == kind:
        return _checked(given, stem) if dot else _checked(f"{given}.{kind}", given)
    if dot and suffix in KINDS:
        other = f", or use {suffix.capitalize()}()" if suffix in catalog.kinds() and suffix != "scope" else ""
        message = f"`{given}` is the name of a {suffix}, not of a {kind}"
        raise wrong("bad-name", message, f'write "{stem}"{other}')
    return _checked(f"{given}.{kind}", given)


def _checked(name: str, stem: str) -> str:
    try:
        parse(name)
    except ValueError as error:
        if controls(stem):
            message = f"{stem!r} is no unit name: it contains a control character"
            raise wrong("control-character", message, "write ASCII letters, digits and `:-_.\\`") from None
        raise wrong("bad-name", f"`{stem}` is no unit name: {error}", _name_hint(name, stem)) from None
    return name


def _name_hint(name: str, stem: str) -> str:
    """A name that systemd takes, near to one that it does not."""
    if len(name) > LIMIT:
        return "shorten it"
    if name.endswith(".slice"):
        better = "-".join(part for part in escape(stem.replace("-", "/")).split("-") if part)
    else:
        prefix, at, instance = stem.partition("@")
        better = escape(prefix) + at + escape(instance) if prefix else escape(instance)
    why = ", which is how systemd escapes it" if "\\x" in better else ""
    return f'write "{better or "web"}"{why}'


def dropin_name(given: object) -> str:
    """The full name of the unit that a drop-in is for; or a kind, or a prefix such as `web-.service`, for many."""
    name = str(given) if isinstance(given, str | Unit) else ""
    if is_many(name) and name.rpartition(".")[2] in catalog.kinds():
        return name
    if name.endswith(".device") and name != ".device":
        raise wrong("bad-name", f"`{name}` is a device, for which mkunit makes no drop-ins", "leave it out")
    if not name.rpartition(".")[0] or name.rpartition(".")[2] not in catalog.kinds():
        near = f"{name}.service" if is_name(f"{name}.service") and "." not in name else "nginx.service"
        hint = f'name the unit with its suffix, such as "{near}"'
        raise wrong("bad-name", f"{given!r} is not a full unit name", hint)
    return _checked(name, name.rpartition(".")[0])


def usual_file(name: str) -> str:
    """The file name of a drop-in that has none; of one for many another, as a file hides those of its name below.

    >>> usual_file("nginx.service"), usual_file("service"), usual_file("user-.slice"), usual_file("web@.service")
    ('50-mkunit.conf', '50-mkunit-service.conf', '50-mkunit-user.conf', '50-mkunit-template.conf')
    """
    stem, _, kind = name.rpartition(".")
    if stem.endswith("@"):
        return DROPIN.replace(".", "-template.")
    return DROPIN if not is_many(name) else DROPIN.replace(".", f"-{stem.rstrip('-') or kind}.")


def file_name(given: object, unit: str) -> str:
    """The file name of a drop-in for a unit."""
    if given is None:
        given = usual_file(unit)
    if not isinstance(given, str) or not given or "/" in given or given.startswith(".") or controls(given):
        raise wrong("bad-name", f"{given!r} is no file name for a drop-in", 'write a name such as "50-limits.conf"')
    name = given if given.endswith(".conf") else f"{given}.conf"
    if len(name.encode()) > LIMIT:
        raise wrong("bad-name", f"the file name of a drop-in is longer than {LIMIT} bytes", "shorten it")
    return name


def path_name(kind: str, given: object) -> tuple[str, str]:
    r"""Name and path of a unit that is named after a path (systemd-escape(1)).

    >>> path_name("mount", "/mnt/my data")
    ('mnt-my\\x20data.mount', '/mnt/my data')
    """
    path = fspath(given) if isinstance(given, str | PathLike) else ""
    if not isinstance(path, str) or not path.startswith("/"):
        article = "an" if kind == "automount" else "a"
        hint = f"write {kind.capitalize()}({_absolute(kind, path) if isinstance(path, str) else '/…'!r})"
        raise wrong("bad-name", f"{article} {kind} takes an absolute path, not {given!r}", hint)
    if controls(path):
        raise wrong("control-character", f"{path!r} contains a control character", "name a path without")
    if path != path.rstrip(" "):
        raise wrong("silent-loss", f"{path!r} ends with a blank, which systemd takes off", "name a path without")
    try:
        name = f"{escape_path(path)}.{kind}"
        parse(name)
    except ValueError as error:
        hint = "write the path without it" if ".." in path.split("/") else "use a shorter path"
        raise wrong("bad-name", f"`{path}` cannot be a {kind}: {error}", hint) from None
    return name, "/" + "/".join(part for part in path.split("/") if part not in ("", "."))


def _absolute(kind: str, path: str) -> str:
    """The path that was probably meant: that of a unit's name, or one below the root."""
    stem = path.removesuffix(f".{kind}")
    if stem != path and is_name(path):
        with suppress(ValueError):
            return f"/{unescape(stem)}"
    return f"/{path}" if path and not path.startswith(("%", "~")) and not controls(path) else "/…"


def sentence(name: str, path: str | None = None) -> str:
    r"""A readable `Description=` made from name and kind.

    >>> sentence("ssh-proxy.socket"), sentence("web@.service")
    ('ssh-proxy socket', 'web service, instance %I')
    >>> sentence(r"my\x20app@blue.timer")
    'Timer for my app, instance blue'
    """
    parts = parse(name)
    if path is not None:
        return _SENTENCES[parts.kind].format(percent(path))
    if name == "-.slice":
        return "Root slice"
    what = _SENTENCES.get(parts.kind, f"{{}} {parts.kind}").format(_readable(parts.prefix))
    if parts.instance is None:
        return what
    return f"{what}, instance {'%I' if parts.is_template else _readable(parts.instance) or '%i'}"


def _readable(part: str) -> str:
    """A part of a name without escapes; a `-` stays, as it is rarely meant for a `/`."""
    if "\\" not in part:
        return part
    try:
        text = unescape(part.replace("-", "\\x2d"))
    except ValueError:
        text = "\n"
    if controls(text) or text != text.strip() or text.endswith("\\"):
        return part.rstrip("\\")  # at the end of a line it would join the next one to it
    return percent(text)
