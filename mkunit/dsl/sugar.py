"""The keywords that are not directives: what they expand to, in place."""

from collections.abc import Callable, Set
from os import PathLike

from mkunit import catalog
from mkunit.dsl.draft import Draft, with_article
from mkunit.dsl.spell import Problem
from mkunit.model.address import Address
from mkunit.model.graph import expand
from mkunit.model.name import parse
from mkunit.model.unit import Entry, Unit

_TRUE = ("1", "yes", "y", "true", "t", "on")


def scope(draft: Draft, value: object) -> None:
    """Settled before the first line."""


def masked(draft: Draft, value: object) -> None:
    """Looked at before the first line; a drop-in masks nothing."""
    if draft.is_dropin and value is not None:
        hint = f"mask the unit itself: {draft.kind.capitalize()}(…, masked=True)"
        draft.complain("masked", Problem("misplaced-keyword", "is for a whole unit, not for a drop-in", hint))


def listen(draft: Draft, value: object) -> None:
    """`listen=[8080, unix("/run/x.sock")]`: a `Listen…=` each, in order, since descriptors are passed in it."""
    if value is None:
        return
    if isinstance(value, Set | dict):
        message = f"takes a list, not a {type(value).__name__}: file descriptors are passed in its order"
        draft.complain("listen", Problem("wrong-type", message, 'write listen=[8080, "/run/x.sock"]'))
        return
    for item in value if isinstance(value, list | tuple) else [value]:
        name = item.directive if isinstance(item, Address) else "ListenStream"
        row = catalog.lookup("Socket", name)
        text = item.text if isinstance(item, Address) else item
        fits = isinstance(text, int | str | PathLike) or hasattr(text, "spelled")
        if row is None or isinstance(text, bool) or not fits:
            hint = 'write a port, an address such as "127.0.0.1:80", or tcp(), udp(), unix() and their like'
            kind = "None" if item is None else type(item).__name__
            draft.complain("listen", Problem("wrong-type", f"takes no {kind}", hint))
        else:
            keyword = item.written if isinstance(item, Address) and item.written else "listen"
            draft.add(keyword, "Socket", row, text)
    if isinstance(value, list | tuple) and not value and draft.is_dropin:
        draft.entries.append(Entry("Socket", "ListenStream", "", draft.origin))


def activates(draft: Draft, value: object) -> None:
    """`activates=api`: `Service=` or `Unit=`, only where systemd would not derive the same."""
    if value is None:
        return
    if not isinstance(value, Unit | str):
        message = f"takes a unit or its name, not {type(value).__name__}"
        draft.complain("activates", Problem("wrong-type", message, 'write the name, such as "api"'))
        return
    keyword = "service" if draft.kind == "socket" else "unit"
    if draft.options.get(keyword) is not None:
        message = f"and `{keyword}` say the same"
        draft.complain("activates", Problem("double-directive", message, f"leave out `{keyword}`"))
        return
    if target := _target(draft, str(value)):
        _activate(draft, keyword, target)


def _target(draft: Draft, text: str) -> str | None:
    """The full name of what is to be started; a bare name is that of a service."""
    name = text if text.rpartition(".")[2] in catalog.kinds() and "." in text else f"{text}.service"
    own = Unit(draft.name)
    wanted = {"socket": ("service",), "automount": ("mount",)}.get(draft.kind)
    try:
        kind = parse(expand(name, own).replace("%", "_")).kind
    except ValueError as error:
        problem = Problem("bad-name", f"is {text!r}, which is no unit name: {error}", 'write a name such as "api"')
        draft.complain("activates", problem)
        return None
    if (wanted and kind not in wanted) or (not wanted and kind == draft.kind):
        expected = " or ".join(wanted) if wanted else f"unit that is no {draft.kind}"
        message = f"is `{name}`: {with_article(draft.kind)} starts a {expected}"
        draft.complain("activates", Problem("wrong-suffix", message, f"name a {expected}"))
        return None
    return name


def _activate(draft: Draft, keyword: str, target: str) -> None:
    own = Unit(draft.name)
    stem = draft.name.rpartition(".")[0]
    if draft.kind == "socket" and _truth(draft.options.get("accept")):
        template = f"{own.parts.prefix}@.service"
        if target != template:
            message = f"is `{target}`: with `accept` a socket starts instances of `{template}`, and no other"
            meant = parse(target.replace("%", "_"))
            hint = f"name the service `{template}`"
            if meant.is_template:
                hint += f", or the socket `{meant.prefix}`"
            elif meant.prefix == own.parts.prefix:
                hint += ", or leave out `accept`"
            draft.complain("activates", Problem("accept-other-template", message, hint))
    elif draft.kind == "automount":
        if target != f"{stem}.mount":
            message = f"is `{target}`: an automount starts the mount of its own path"
            draft.complain("activates", Problem("wrong-name", message, "leave it out"))
    elif "@." in target and own.parts.instance is None:
        message = f"is `{target}`, which is a template: only its instances can be started"
        hint = f"name one, such as `{target.replace('@.', '@NAME.')}`"
        hint += ", or set `accept`" if draft.kind == "socket" else ""
        draft.complain("activates", Problem("template-activated", message, hint))
    else:
        target = target.replace("@.", "@%i.")  # of a template the instance of the same name
        section, name = catalog.keywords(draft.kind)[keyword]
        row = catalog.lookup(section, name)
        if row and expand(target, own) != f"{stem}.service":
            draft.add("activates", section, row, target)


def _truth(value: object) -> bool:
    return value.lower() in _TRUE if isinstance(value, str) else bool(value)


def extra(draft: Draft, value: object) -> None:
    """`extra=[("Service", "X-Vendor", "value")]`."""
    from mkunit.dsl import rare  # few units have it, and start-up time is felt

    rare.extra(draft, value)


def hardening(draft: Draft, value: object) -> None:
    """`hardening="strict"`."""
    from mkunit.dsl import rare  # as above

    rare.hardening(draft, value)


def _policy(keyword: str) -> "Expansion":
    """A word on what is done when the unit changes; no line of the file."""

    def note(draft: Draft, value: object) -> None:
        from mkunit.dsl import policy  # as above

        policy.note(draft, keyword, value)

    return note


Expansion = Callable[[Draft, object], None]
_POLICY = {word: _policy(word) for word in ("on_change", "on_remove", "restart_on", "reload_on", "ensure")}
COMMON: dict[str, Expansion] = {"scope": scope, "masked": masked, "extra": extra, **_POLICY}
BY_KIND: dict[str, dict[str, Expansion]] = {
    "service": {"hardening": hardening, "probe": _policy("probe"), "rolling": _policy("rolling")},
    "socket": {"listen": listen, "activates": activates},
    "timer": {"activates": activates},
    "path": {"activates": activates},
    "automount": {"activates": activates},
}
