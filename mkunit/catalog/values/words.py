"""How systemd takes a value apart: words, quotes and backslashes; in goes text, out come words or `WordError`."""

import re
from functools import cache

BLANKS = " \t\n\r"
SIMPLE = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "s": " "}


class WordError(ValueError):
    """A quote that is not closed, or a backslash that systemd does not understand."""

    def __init__(self, quote: bool, word: str) -> None:
        super().__init__(word)
        self.quote = quote
        self.word = word


@cache
def _escape() -> re.Pattern[str]:
    return re.compile(r"[abfnrtvs\\\"']|x[0-9a-fA-F]{2}|[0-7]{3}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}")


def unescape(text: str, at: int, nul: bool = False) -> tuple[str, int] | None:
    """The character that an escape without its backslash stands for, and where the text goes on."""
    match = _escape().match(text, at)
    if not match:
        return None
    found = match[0]
    if len(found) == 1:
        return SIMPLE.get(found, found), match.end()
    code = int(found[1:], 16) if found[0] in "xuU" else int(found, 8)
    if (code == 0 and not nul) or code > (255 if found[0] not in "uU" else 0x10FFFF) or 0xD800 <= code <= 0xDFFF:
        return None
    if code > 127 and found[0] not in "uU":
        return chr(0xDC00 + code), match.end()  # a lone byte, as Python's `surrogateescape` writes it
    return chr(code), match.end()


def utf8(word: str) -> bool:
    """Whether a word in which bytes were escaped is text."""
    try:
        word.encode("utf-8", "surrogateescape").decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


class Splitter:
    """A way of taking words off a text; `escapes` is `drop`, `keep`, `c` or `lax` (C, and unknown ones are kept)."""

    def __init__(
        self, escapes: str = "drop", quotes: bool = True, by: str = BLANKS, joined: bool = True, free: bool = False
    ) -> None:
        self.escapes = escapes
        self.quotes = quotes
        self.by = by
        self.joined = joined  # many separators in a row count as one
        self.free = free  # an escaped separator stands for itself

    def first(self, text: str, at: int | None) -> tuple[str | None, int | None]:
        """The word at a place and the place of the next; the place is None at the end of everything."""
        if at is not None and self.joined:
            at = self._skip(text, at)
        if at is None:
            return None, None
        word, quote = "", ""
        while at < len(text):
            char = text[at]
            if char == "\\" and self.escapes != "keep":
                piece, at = self._backslash(text, at + 1)
                word += piece
                continue
            at += 1
            if char == quote or (not quote and self.quotes and char in "'\""):
                quote = "" if quote else char
            elif not quote and char in self.by:
                return word, self._skip(text, at) if self.joined else at
            else:
                word += char
        if quote:
            raise WordError(quote=True, word=word)
        return word, None

    def _skip(self, text: str, at: int) -> int | None:
        while at < len(text) and text[at] in self.by:
            at += 1
        return at if at < len(text) else None

    def _backslash(self, text: str, at: int) -> tuple[str, int]:
        if at == len(text):
            if self.escapes == "lax":
                return "\\", at
            raise WordError(quote=False, word="\\")
        if self.escapes == "drop" and not self.free:
            return text[at], at + 1
        if self.escapes in ("c", "lax") and (found := unescape(text, at)):
            return found
        if self.free and (text[at] in self.by or text[at] == "\\"):
            return text[at], at + 1
        if self.escapes == "lax":
            return "\\" + text[at], at + 1
        raise WordError(quote=False, word="\\" + text[at])

    def split(self, text: str) -> list[str]:
        """All words."""
        if self.joined and "\\" not in text and '"' not in text and "'" not in text:
            for blank in self.by[1:]:
                text = text.replace(blank, self.by[0])
            return [word for word in text.split(self.by[0]) if word]
        words: list[str] = []
        at: int | None = 0
        while True:
            word, at = self.first(text, at)
            if word is None:
                return words
            words.append(word)


PLAIN = Splitter(quotes=False)
QUOTED = Splitter()
RETAINED = Splitter("keep")
BARE = Splitter("keep", quotes=False)
ESCAPED = Splitter("c")
LAX = Splitter("lax")
FIELDS = Splitter("c", quotes=False, by=":", joined=False, free=True)
JOINED = Splitter("c", quotes=False, by=":", free=True)
COLONS = Splitter(quotes=False, by=":", joined=False)


def broken(error: WordError) -> tuple[str, str]:
    """What to say of a word that could not be read: a message and a hint."""
    if error.quote:
        return "a quote is opened and never closed", "close it, or write `\\x22` or `\\x27` for the character itself"
    return f"`{error.word}` is not an escape sequence", "write two backslashes for one"
