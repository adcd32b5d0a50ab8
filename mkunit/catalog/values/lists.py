"""Values that are lists: their words one by one, or what is wrong with a quote or a specifier in them."""

from collections.abc import Iterator

from mkunit.catalog.spec import Finding
from mkunit.catalog.values.asked import Asked
from mkunit.catalog.values.specifiers import expand
from mkunit.catalog.values.words import Splitter, WordError, broken


def each(asked: Asked, splitter: Splitter, text: str | None = None) -> Iterator[str | Finding]:
    """The words of the value, or of a part of it."""
    try:
        yield from splitter.split(asked.text if text is None else text)
    except WordError as error:
        yield asked.bad(*broken(error))


def expanded(asked: Asked, splitter: Splitter) -> Iterator[tuple[str, str | Finding]]:
    """The words of the value as they are written, each with what its specifiers stand for."""
    for word in each(asked, splitter):
        if isinstance(word, Finding):
            yield asked.text, word
        else:
            text, trouble = expand(asked, word)
            yield word, trouble or text
