"""The [Install] section that a kind brings, once the whole project is known."""

from collections.abc import Iterable

from attrs import evolve

from mkunit import catalog
from mkunit.model.graph import triggered
from mkunit.model.unit import Entry, Unit


def settle(units: Iterable[Unit], scope: str) -> tuple[Unit, ...]:
    """The units with their scopes, and with `WantedBy=` where the user left it to the kind.

    What another unit of the project starts has none of its own: enabled as well, it would start unasked.
    """
    scoped = [unit if unit.scope else evolve(unit, scope=scope) for unit in units]
    started = {(u.scope, found[0]) for u in scoped if not u.dropin and (found := triggered(u))}
    remote = {(u.scope, u.name.rpartition(".")[0]) for u in scoped if u.kind == "mount" and _is_remote(u)}
    return tuple(_installed(unit, started, remote) for unit in scoped)


_Names = set[tuple[str | None, str]]


def _installed(unit: Unit, started: _Names, remote: _Names) -> Unit:
    if not unit.asks_install or (unit.scope, unit.name) in started:
        return evolve(unit, asks_install=False) if unit.asks_install else unit
    target = catalog.wanted_by(unit.kind, unit.scope or "system")
    if (
        unit.kind in ("mount", "automount")
        and unit.scope == "system"
        and (unit.scope, unit.name.rpartition(".")[0]) in remote
    ):
        target = "remote-fs.target"
    lines = (Entry("Install", "WantedBy", target, unit.origin),) if target else ()
    return evolve(unit, entries=unit.entries + lines, asks_install=False)


def _is_remote(unit: Unit) -> bool:
    kind = (unit.directive("Type") or "").removeprefix("fuse.")
    options = (unit.directive("Options") or unit.directive("ExtraOptions") or "").split(",")
    return kind in catalog.network_file_systems() or "_netdev" in options
