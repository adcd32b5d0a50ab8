"""Links between pages lead somewhere."""

import re

import pytest
from test_pages import FOUND, ROOT

_LINK = re.compile(r"\]\((?!\w+:|#)([^)#\s]+)(?:#([^)\s]+))?\)")
_FENCE = re.compile(r"^(`{3,}).*?^\1$", re.MULTILINE | re.DOTALL)


def anchors(page: str) -> set[str]:
    """What the headings of a page are called in links."""
    headings = re.findall(r"^#+ (.+)$", _FENCE.sub("", page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", [str(path.relative_to(ROOT)) for path in FOUND])
def test_links_lead_somewhere(page: str) -> None:
    """To a file that is there, and to a heading that it has."""
    text = _FENCE.sub("", (ROOT / page).read_text(encoding="utf-8"))
    for place, heading in _LINK.findall(text):
        file = (ROOT / page).parent / place
        assert file.exists(), f"{page} links to {place}"
        assert not heading or heading in anchors(file.read_text(encoding="utf-8")), f"{page} links to {place}#{heading}"
