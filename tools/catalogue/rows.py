"""From several versions of systemd's sources and the tables of facts, the rows of `directives.tsv`."""

import re
from collections import defaultdict
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from attrs import frozen

from tools.catalogue import gperf, man
from tools.catalogue.keyword import keyword
from tools.catalogue.tables import table

HEADER = ("section", "name", "keyword", "value", "since", "until", "successor", "many", "default", "man", "flags")
SECTIONS = (
    "Unit", "Install", "Service", "Socket", "Timer", "Path", "Mount", "Automount", "Swap", "Slice", "Scope",
    "exec", "kill", "cgroup",
)  # fmt: skip
ASSERTS = 218  # the first systemd with any `Assert…=`

# [Install] is read by systemctl, with parsers that the table does not name.
_INSTALL = {"Alias": "install_alias", "Also": "install_also", "DefaultInstance": "default_instance"}
_VERSION = re.compile(r"systemd(?:-stable)?-(\d+)")


class DisagreementError(Exception):
    """The man pages say one version, the parser's tables another: a fact is missing."""


@frozen
class Source:
    """One unpacked systemd."""

    version: int
    items: dict[tuple[str, str], gperf.Item]
    pages: dict[str, dict[str, man.Page]]

    @classmethod
    def read(cls, folder: Path) -> "Source":
        match = _VERSION.match(folder.name)
        if not match:
            raise ValueError(f"`{folder.name}` does not tell its version")
        items = {(item.section, item.name): item for item in gperf.items(folder)}
        return cls(int(match[1]), items, {section: man.page(folder, section) for section in SECTIONS})


def sources(folder: Path) -> list[Source]:
    """The systemds that are unpacked in a folder, oldest first."""
    found = [Source.read(path) for path in folder.glob("systemd-*") if (path / gperf.TABLE).is_file()]
    return sorted(found, key=lambda source: source.version)


def _facts() -> dict[tuple[str, str], dict[str, str]]:
    facts: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for row in table("facts.tsv"):
        facts[row["section"], row["name"]][row["column"]] = row["value"]
    return facts


class Extract:
    """All that is known of each directive, from the newest systemd backwards."""

    def __init__(self, versions: list[Source]) -> None:
        self.versions = versions
        self.facts = _facts()
        self.types = table("types.tsv")

    def rows(self) -> Iterator[tuple[str, ...]]:
        """The table, in the order of the sections and of the newest systemd."""
        places = sorted(self._places(), key=lambda place: SECTIONS.index(place[0]))
        if lost := self.facts.keys() - set(places):
            raise LookupError(f"facts of directives that no systemd has: {sorted(lost)}")
        for place in places:
            yield self._row(*place)

    def _places(self) -> dict[tuple[str, str], None]:
        return {place: None for source in reversed(self.versions) for place in source.items}

    def _row(self, section: str, name: str) -> tuple[str, ...]:
        fact = self.facts.get((section, name), {})
        item, page = self._item(section, name), self._page(section, name)
        kind = self._type(item)
        return (
            section, name, keyword(name), kind["value"], str(self._since(section, name)),
            fact.get("until", ""), fact.get("successor", ""), kind["many"], fact.get("default", ""),
            page.man if page else "", self._flags(item, kind, page, fact),
        )  # fmt: skip

    def _item(self, section: str, name: str) -> gperf.Item:
        """The newest that is more than a name kept for old files; failing that, the newest."""
        found = [s.items[section, name] for s in reversed(self.versions) if (section, name) in s.items]
        return next((item for item in found if not item.ignored), found[0])

    def _page(self, section: str, name: str) -> man.Page | None:
        found = (s.pages[section].get(name) for s in reversed(self.versions))
        return next((page for page in found if page), None)

    def _type(self, item: gperf.Item) -> dict[str, str]:
        parser = item.parser
        if item.section == "Install":
            parser = _INSTALL.get(item.name, "install_units")
        for row in self.types:
            if row["parser"] == parser and any(fnmatchcase(item.name, glob) for glob in row["names"].split()):
                return row
        raise LookupError(f"{item.section}.{item.name}: nothing is known of the parser `{parser}`")

    def _since(self, section: str, name: str) -> int:
        fact, page = self.facts.get((section, name), {}), self._page(section, name)
        since = int(fact.get("since") or (page and page.since) or 0)
        if name.startswith("Assert"):
            since = max(ASSERTS, self._since(section, name.replace("Assert", "Condition")))
        self._agree(section, name, since)
        return since

    def _agree(self, section: str, name: str, since: int) -> None:
        """The last version without it and the first with it leave room for the one that is said to have brought it."""
        known = [source.version for source in self.versions if (section, name) in source.items]
        without = [source.version for source in self.versions if source.version < known[0]]
        if not max(without, default=-1) < since <= known[0]:
            raise DisagreementError(f"{section}.{name}: since {since}, but {known[0]} is the first that has it")

    def _flags(self, item: gperf.Item, kind: dict[str, str], page: man.Page | None, fact: dict[str, str]) -> str:
        flags = {*kind["flags"].split(), *fact.get("flags", "").split()}
        if item.argument == "true":
            flags.add("fatal")
        if page and page.system:
            flags.add("system")
        if item.ignored:
            flags.add("legacy")
        return " ".join(sorted(flags))


def text(folder: Path) -> str:
    """`directives.tsv`, from the systemds that are unpacked in a folder."""
    rows = [HEADER, *Extract(sources(folder)).rows()]
    return "".join("\t".join(row) + "\n" for row in rows)
