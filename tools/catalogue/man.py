"""From systemd's man pages, for each directive: its page, the version that brought it, and who has it."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

# The pages of a section, in the order in which a directive is looked for.
PAGES = {
    "Unit": "unit", "Install": "unit", "Service": "service", "Socket": "socket", "Timer": "timer", "Path": "path",
    "Mount": "mount", "Automount": "automount", "Swap": "swap", "Slice": "slice", "Scope": "scope",
    "exec": "exec", "kill": "kill", "cgroup": "resource-control",
}  # fmt: skip

_INCLUDE = "{http://www.w3.org/2001/XInclude}include"
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*(?:\[.*?\])?>", re.DOTALL)
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);|#)[\w.-]+;")


@frozen
class Page:
    """What a man page says of one directive."""

    man: str
    since: int | None
    system: bool


def _parsed(path: Path) -> ET.Element:
    text = _DOCTYPE.sub("", path.read_text(encoding="utf-8"), count=1)
    return ET.fromstring(_ENTITY.sub("", text))


def _includes(element: ET.Element) -> Iterator[tuple[str, str]]:
    """The texts that an element includes, without those of the entries within it."""
    for child in element:
        if child.tag == _INCLUDE:
            yield child.get("href", ""), child.get("xpointer", "")
        elif child.tag not in ("varlistentry", "refsect1", "refsect2"):
            yield from _includes(child)


def _entries(element: ET.Element, system: bool = False) -> Iterator[tuple[ET.Element, bool]]:
    """Each entry of a page's lists, and whether what stands above it is for the system's manager only."""
    system = system or ("system-only.xml", "plural") in [(c.get("href"), c.get("xpointer")) for c in element]
    for child in element:
        if child.tag == "varlistentry":
            yield child, system
        yield from _entries(child, system)


def _names(entry: ET.Element) -> list[str]:
    """The directives that an entry is about: `ListenStream=`, or `CPUShares=WEIGHT`."""
    words = ["".join(word.itertext()) for word in entry.iterfind("term/varname")]
    return [word.partition("=")[0] for word in words if "=" in word]


def page(source: Path, section: str) -> dict[str, Page]:
    """What the page of a section says of each directive, by name."""
    title = f"systemd.{PAGES[section]}"
    found: dict[str, Page] = {}
    for entry, system in _entries(_parsed(source / "man" / f"{title}.xml")):
        included = list(_includes(entry))
        versions = [int(pointer[1:]) for href, pointer in included if href == "version-info.xml"]
        only = system or any(href == "system-only.xml" for href, _ in included)
        for name in _names(entry):
            found.setdefault(name, Page(f"{title}(5)", min(versions, default=None), only))
    return found
