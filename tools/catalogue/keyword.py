"""The Python keyword of a directive: its words, split as a person would split them."""

import re

from tools.catalogue.tables import table

_USUAL = "[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z]+[0-9]*"


def _words() -> dict[str, str]:
    """What is one word, or several, against the usual rule for capitals."""
    return {row["written"]: row["word"] for row in table("words.tsv")}


_WORDS = _words()
_SPLIT = re.compile("|".join([*sorted(_WORDS, key=len, reverse=True), _USUAL]))


def keyword(name: str) -> str:
    """`IPAddressAllow` is `ip_address_allow`, `UMask` is `umask`."""
    return "_".join(_WORDS.get(word, word.lower()) for word in _SPLIT.findall(name))
