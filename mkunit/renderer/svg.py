"""A picture of units as SVG: columns by who starts whom, boxes in them, and lines between; no program is needed."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import NamedTuple

from mkunit.renderer.drawings import COLORS, OTHER, RING, relations
from mkunit.renderer.graph import GROUPS, STARTS, Link, Node, Picture

_LETTER = 7.4  # the width of one at this size of a font whose letters are all as wide
_HIGH, _GAP, _ACROSS, _EDGE = 30, 18, 90, 20
_DASHES = {"before": "2 4", "conflicts": "6 3", "part": "4 2", "slice": "1 3"}
_STYLE = (
    "text{font:12px ui-monospace,monospace;fill:#222}.r{font-size:9px;fill:#666}.box{fill:#fff;stroke-width:1.5}"
    "@media (prefers-color-scheme:dark){text{fill:#ddd}.r{fill:#999}.box{fill:#1e1e1e}}"
)
_HEAD = (
    '<marker id="a" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="9" markerHeight="9" '
    'markerUnits="userSpaceOnUse" orient="auto">'
    '<path d="M0 0L8 4L0 8z" fill="context-stroke"/></marker>'
)
_Key = tuple[str, str]


class _Box(NamedTuple):
    node: Node
    x: float
    y: float
    wide: float


def svg(drawn: Picture) -> str:
    """The whole picture, with a legend of its lines."""
    boxes = _boxes(drawn)
    right = max((box.x + box.wide for box in boxes.values()), default=0) + _EDGE
    legend = relations(drawn.links)
    bottom = max((box.y + _HIGH for box in boxes.values()), default=0) + _EDGE
    wide, high = max(right, 60 + 90 * len(legend)), bottom + (26 if legend else 0)
    size = f'viewBox="0 0 {wide:.0f} {high:.0f}" width="{wide:.0f}" height="{high:.0f}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">',
        f"<title>units</title><style>{_STYLE}</style><defs>{_HEAD}</defs>",
        *(_line(link, boxes) for link in drawn.links),
        *(_box(box, len(drawn.scopes) > 1) for box in boxes.values()),
        *_legend(legend, bottom),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _boxes(drawn: Picture) -> dict[_Key, _Box]:
    """Where each unit is: its column is one after the last of those that start it."""
    many = len(drawn.scopes) > 1
    columns: dict[int, list[Node]] = {}
    depths = _depths(drawn)
    for node in drawn.nodes:
        columns.setdefault(depths[node.scope, node.name], []).append(node)
    places: dict[_Key, _Box] = {}
    x = float(_EDGE)
    for column in sorted(columns):
        nodes = _sorted(columns[column], drawn.links, places)
        wide = max(len(node.name) + (len(node.scope) + 3 if many else 0) for node in nodes) * _LETTER + 20
        for i, node in enumerate(nodes):
            places[node.scope, node.name] = _Box(node, x, _EDGE + i * (_HIGH + _GAP), wide)
        x += wide + _ACROSS
    return places


def _depths(drawn: Picture) -> dict[_Key, int]:
    above: dict[_Key, list[_Key]] = {}
    for link in drawn.links:
        if link.relation in STARTS and link.source != link.target:
            above.setdefault((link.scope, link.target), []).append((link.scope, link.source))
    depths: dict[_Key, int] = {}

    def depth(key: _Key, way: frozenset[_Key]) -> int:
        if key not in depths:
            deeper = [depth(other, way | {key}) for other in above.get(key, ()) if other not in way]
            if way & set(above.get(key, ())):  # a ring: what was reached by it first is not the last word
                return max(deeper, default=-1) + 1
            depths[key] = max(deeper, default=-1) + 1
        return depths[key]

    return {(node.scope, node.name): depth((node.scope, node.name), frozenset()) for node in drawn.nodes}


def _sorted(nodes: Sequence[Node], links: Iterable[Link], places: Mapping[_Key, _Box]) -> list[Node]:
    """A column in the order of what its units are joined to on the left, so that fewer lines cross."""
    heights: dict[_Key, list[float]] = {}
    for link in links:
        if found := places.get((link.scope, link.source)):
            heights.setdefault((link.scope, link.target), []).append(found.y)

    def height(node: Node) -> tuple[str, float]:
        found = heights.get((node.scope, node.name), [])
        return node.scope, sum(found) / len(found) if found else 0.0

    return sorted(nodes, key=height)


def _line(link: Link, boxes: Mapping[_Key, _Box]) -> str:
    start, end = boxes[link.scope, link.source], boxes[link.scope, link.target]
    y1, y2 = start.y + _HIGH / 2, end.y + _HIGH / 2
    if end.x > start.x:
        x1, x2, bend = start.x + start.wide, end.x, 40.0
    elif end.x < start.x:
        x1, x2, bend = start.x, end.x + end.wide, -40.0
    else:  # in one column: out and in on the right
        x1, x2 = start.x + start.wide, end.x + end.wide
        return _path(link, f"M{x1:.0f} {y1:.0f}C{x1 + 40:.0f} {y1:.0f} {x2 + 40:.0f} {y2:.0f} {x2:.0f} {y2:.0f}")
    return _path(link, f"M{x1:.0f} {y1:.0f}C{x1 + bend:.0f} {y1:.0f} {x2 - bend:.0f} {y2:.0f} {x2:.0f} {y2:.0f}")


def _path(link: Link, way: str) -> str:
    title = escape(f"{link.source} {link.relation} {link.target}")
    return f'<path d="{way}" {_look(link.relation, ring=link.ring)}><title>{title}</title></path>'


def _look(relation: str, *, ring: bool = False) -> str:
    color = RING if ring else "#1565c0" if relation == "triggers" else "#ccc" if relation in GROUPS else "#8a8a8a"
    thick = 2.2 if ring or relation == "triggers" else 1.2
    dashes = f' stroke-dasharray="{_DASHES[relation]}"' if relation in _DASHES else ""
    return f'fill="none" stroke="{color}" stroke-width="{thick}"{dashes} marker-end="url(#a)"'


def _box(box: _Box, many: bool) -> str:
    name = f"{box.node.name} ({box.node.scope})" if many else box.node.name
    dashed = "" if box.node.known else ' stroke-dasharray="4 3"'
    title = f"<title>{escape(box.node.description)}</title>" if box.node.description else ""
    return (
        f'<g>{title}<rect class="box" x="{box.x:.0f}" y="{box.y:.0f}" width="{box.wide:.0f}" height="{_HIGH}" rx="5" '
        f'stroke="{COLORS.get(box.node.kind, OTHER)}"{dashed}/>'
        f'<text x="{box.x + 10:.0f}" y="{box.y + 19:.0f}">{escape(name)}</text></g>'
    )


def _legend(legend: Sequence[str], y: float) -> Iterable[str]:
    for i, relation in enumerate(legend):
        x = _EDGE + i * 90
        yield f'<path d="M{x} {y + 6:.0f}h24" {_look(relation)}/>'
        yield f'<text class="r" x="{x + 29}" y="{y + 9:.0f}">{relation}</text>'
