"""A picture of units as Graphviz's dot, as Mermaid, and as bare text; every name is quoted as each of them wants it."""

from collections.abc import Iterable

from mkunit.renderer.graph import Link, Picture, Row, tree

COLORS = {
    "service": "#2e7d32", "socket": "#00838f", "timer": "#b26a00", "path": "#8e24aa", "mount": "#5d4037",
    "automount": "#5d4037", "swap": "#5d4037", "target": "#37474f", "slice": "#455a64",
}  # fmt: skip
OTHER = "#757575"
RING = "#c62828"


def text(drawn: Picture) -> str:
    """The tree, and the rings below it."""
    lines = [_line(row) for row in tree(drawn)]
    lines += [f"ring of the order: {' → '.join([*ring, ring[0]])}" for ring in drawn.rings]
    return "\n".join(lines) + "\n" if lines else ""


def _line(row: Row) -> str:
    return f"{row.lead}{f'{row.relation} ' if row.relation else ''}{row.name}{f'  ({row.note})' if row.note else ''}"


def dot(drawn: Picture) -> str:
    """For Graphviz: what starts something is a line, an order is a dotted one."""
    ids = _ids(drawn)
    lines = ["digraph units {", "  rankdir=LR;", '  node [shape=box, style="rounded", fontname="sans-serif"];']
    lines += ['  edge [fontname="sans-serif", fontsize=10];']
    for node in drawn.nodes:
        style = "" if node.known else ', style="rounded,dashed"'
        color = COLORS.get(node.kind, OTHER)
        label = _dotted(_label(drawn, node.name, node.scope))
        lines.append(f"  {ids[node.scope, node.name]} [label={label}, color={_dotted(color)}{style}];")
    for link in drawn.links:
        look = f'color="{RING}", penwidth=2, ' if link.ring else ""
        look += {"triggers": "style=bold, ", "before": "style=dotted, constraint=false, "}.get(link.relation, "")
        ends = f"{ids[link.scope, link.source]} -> {ids[link.scope, link.target]}"
        lines.append(f"  {ends} [{look}label={_dotted(link.relation)}];")
    return "\n".join([*lines, "}"]) + "\n"


def _dotted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def mermaid(drawn: Picture) -> str:
    """For Mermaid, which GitHub and GitLab draw in Markdown."""
    ids = _ids(drawn)
    lines = ["flowchart LR"]
    for node in drawn.nodes:
        label = _label(drawn, node.name, node.scope).replace("&", "#amp;").replace('"', "#quot;").replace("\\", "#92;")
        shape = ('["', '"]') if node.known else ('(["', '"])')
        lines.append(f"  {ids[node.scope, node.name]}{shape[0]}{label}{shape[1]}")
    for link in drawn.links:
        arrow = {"triggers": "==>", "before": "-.->"}.get(link.relation, "-->")
        lines.append(f"  {ids[link.scope, link.source]} {arrow}|{link.relation}| {ids[link.scope, link.target]}")
    rings = [str(i) for i, link in enumerate(drawn.links) if link.ring]
    return (
        "\n".join([*lines, *([f"  linkStyle {','.join(rings)} stroke:{RING},stroke-width:2px"] if rings else [])])
        + "\n"
    )


def _ids(drawn: Picture) -> dict[tuple[str, str], str]:
    return {(node.scope, node.name): f"n{i}" for i, node in enumerate(drawn.nodes)}


def _label(drawn: Picture, name: str, scope: str) -> str:
    return f"{name} ({scope})" if len(drawn.scopes) > 1 else name


def relations(links: Iterable[Link]) -> list[str]:
    """The relations that occur, for a legend."""
    return list(dict.fromkeys(link.relation for link in links))
