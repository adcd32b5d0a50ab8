"""Directives that do not exist, or not where they stand, and what was probably meant."""

from mkunit import catalog
from mkunit.errors import near


def sections(kind: str) -> tuple[str, ...]:
    """The sections that systemd reads in a kind's file: targets and devices may have an own one, with nothing in it."""
    own = catalog.sections(kind) if kind in catalog.kinds() else ()
    return tuple(dict.fromkeys((*own, "Unit", kind.capitalize(), "Install")))


def unknown_section(name: str, section: str) -> str:
    """A hint for a section that is none of the unit's kind."""
    stem, _, kind = name.rpartition(".")
    known = sections(kind)
    if meant := near(section.strip(), known):
        return f"did you mean [{meant}]?"
    for other in catalog.kinds():
        if section in catalog.sections(other):
            return f"it belongs in the file of a {other}, `{stem}.{other}`"
    return f"the sections are {', '.join(f'[{name}]' for name in known)}; [X-…] is free for your own"


def unknown(kind: str, section: str, name: str, *, guess: bool = True) -> tuple[str, str]:
    """What to say of a directive that a section of a kind does not have, and a hint, by a guess if need be."""
    others = [other for other in sections(kind) if other != section]
    for other in others:
        if catalog.lookup(other, name):
            return f"`{name}=` is ignored in [{section}]", f"`{name}=` belongs in [{other}]"
    message = f"`{name}=` is no directive of [{section}]: systemd ignores it"
    for other in [section, *others] if guess else ():
        if meant := near(name, catalog.directives(other)):
            return message, f"did you mean `{meant}=`" + (f" in [{other}]?" if other != section else "?")
    for other in catalog.kinds():
        own = other.capitalize()
        if other != kind and own in catalog.sections(other) and catalog.lookup(own, name):
            return message, f"`{name}=` belongs in [{own}] of a {other}"
    return message, f"leave it out, or call it `X-{name}=` if it is meant for another program"
