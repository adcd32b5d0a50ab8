"""Why a unit runs: what pulls it in, and the way from there up to what the boot starts."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from mkunit.model.graph import Graph

DEFAULT = "default.target"
# What systemd's own targets are pulled in by, for units that are not installed: bootup(7), systemd.special(7).
_BOOT = {
    "system": {
        "sockets.target": "basic.target", "timers.target": "basic.target", "paths.target": "basic.target",
        "slices.target": "basic.target", "local-fs.target": "sysinit.target", "swap.target": "sysinit.target",
        "sysinit.target": "basic.target", "basic.target": "multi-user.target", "remote-fs.target": "multi-user.target",
        "multi-user.target": DEFAULT, "graphical.target": DEFAULT,
    },
    "user": {
        "sockets.target": "basic.target", "timers.target": "basic.target", "paths.target": "basic.target",
        "basic.target": DEFAULT, "graphical-session.target": DEFAULT,
    },
}  # fmt: skip
# Properties of `systemctl show`, and what each means.
PROPERTIES = {
    "TriggeredBy": "triggers", "RequiredBy": "requires", "WantedBy": "wants", "BoundBy": "binds to",
    "UpheldBy": "upholds",
}  # fmt: skip
_FORWARD = {"triggers": "triggers", "requires": "requires", "wants": "wants", "binds-to": "binds to"}
_BACKWARD = {"wanted-by": "wants", "required-by": "requires"}
_TIMES = {
    "socket": "when somebody connects", "timer": "at its times", "path": "when its paths change",
    "automount": "at the first access",
}  # fmt: skip


class Pull(NamedTuple):
    """What starts a unit, and how."""

    source: str
    relation: str


class Way(NamedTuple):
    """A chain of pulls, from the unit's own up; `boot` where the boot itself is at its end, None where nobody knows."""

    pulls: tuple[Pull, ...]
    boot: bool | None

    @property
    def text(self) -> str:
        """In a sentence, from what starts the unit to what starts that."""
        first = self.pulls[0]
        kind = first.source.rpartition(".")[2]
        when = f" {_TIMES[kind]}" if first.relation == "triggers" and kind in _TIMES else ""
        above = " ← ".join(one.source for one in self.pulls[1:])
        end = f"; that one is started by {above}" if above else ""
        return f"{first.source} {first.relation} it{when}{end}" + (
            "; nothing starts that at boot" * (self.boot is False)
        )


Pulls = Callable[[str], Iterable[Pull]]


def ways(name: str, pulls: Pulls, goals: Iterable[str], is_known: Callable[[str], bool]) -> tuple[Way, ...]:
    """For each unit that pulls this one in, the shortest way on up to a goal; those that the boot takes come first."""
    wanted = frozenset(goals)
    first = {pull.source: pull for pull in reversed(_sorted(pulls(name)))}
    found = [_way(pull, name, pulls, wanted, is_known) for pull in reversed(first.values())]
    return tuple(sorted(found, key=lambda way: not way.boot))


def _way(first: Pull, name: str, pulls: Pulls, goals: frozenset[str], is_known: Callable[[str], bool]) -> Way:
    came: dict[str, tuple[Pull, ...]] = {first.source: (first,)}
    line = [first.source]
    for at in line:
        if at in goals:
            return Way(came[at], True)
        for pull in _sorted(pulls(at)):
            if pull.source not in came and pull.source != name:
                came[pull.source] = (*came[at], pull)
                line.append(pull.source)
    return Way((first,), False if all(map(is_known, line)) else None)


def _sorted(found: Iterable[Pull]) -> list[Pull]:
    """Targets first: of two ways of one length, the one by them says more."""
    return sorted(dict.fromkeys(found), key=lambda pull: not pull.source.endswith(".target"))


def of_machine(shown: Mapping[str, Mapping[str, Sequence[str]]]) -> Pulls:
    """From what systemd has loaded: for each unit, the units by property."""

    def pulls(name: str) -> Iterable[Pull]:
        one = shown.get(name, {})
        return (Pull(source, word) for name_, word in PROPERTIES.items() for source in one.get(name_, ()))

    return pulls


def of_graph(graph: Graph, scope: str) -> Pulls:
    """From units that need not be installed, with systemd's own targets above them."""
    found: dict[str, list[Pull]] = {}
    for edge in graph.edges:
        if edge.scope == scope and edge.relation in _FORWARD:
            found.setdefault(edge.target, []).append(Pull(edge.source, _FORWARD[edge.relation]))
        elif edge.scope == scope and edge.relation in _BACKWARD:
            found.setdefault(edge.source, []).append(Pull(edge.target, _BACKWARD[edge.relation]))
    for name, above in _BOOT[scope].items():
        found.setdefault(name, []).append(Pull(above, "wants"))
    return lambda name: found.get(name, ())
