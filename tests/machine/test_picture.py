"""The picture of a plan in the README: what it shows is what `mkunit plan` shows."""

import re
from xml.etree import ElementTree

from mkunit.testing.machine import Machine
from tools import picture

SVG = "{http://www.w3.org/2000/svg}"


def test_the_picture_is_up_to_date(machine: Machine) -> None:
    """`python -m tools.picture` draws it anew."""
    drawn = ElementTree.parse(picture.PICTURE).findtext(f"{SVG}desc")
    painted = picture.painted(machine)
    assert painted.plain == drawn
    assert len(picture.svg(painted)) > len(painted.plain)


def test_the_picture_shows_what_it_says() -> None:
    """Every word of the description is painted, and in colours."""
    tree = ElementTree.parse(picture.PICTURE)
    shown = re.sub(r"\s", "", "".join(text.text or "" for text in tree.iter(f"{SVG}text")))
    described = re.sub(r"\s", "", tree.findtext(f"{SVG}desc") or "")
    assert described in shown
    assert len(set(re.findall(r"fill: #\w+", picture.PICTURE.read_text(encoding="utf-8")))) > 4


def test_the_picture_loads_nothing() -> None:
    """No font, no script and no address but the name of the format."""
    text = picture.PICTURE.read_text(encoding="utf-8")
    assert set(re.findall(r"https?://[^\"' ]+", text)) == {SVG.strip("{}")}
    assert not re.search(r"@font-face|<script|@import|href=", text)
