"""What a service sees of the file system: bind mounts, images and what to do with them, temporary file systems."""

from collections.abc import Iterator

from mkunit.catalog.spec import Finding
from mkunit.catalog.values.asked import Asked, lost, meant, refused
from mkunit.catalog.values.enums import known, words
from mkunit.catalog.values.lists import each
from mkunit.catalog.values.paths import API, below, judge
from mkunit.catalog.values.specifiers import expand
from mkunit.catalog.values.words import BLANKS, FIELDS, JOINED, QUOTED, RETAINED, Splitter, WordError, broken

API_REFUSED = 255


TUPLES_SINCE = 258  # the systemd that takes the words of bind mounts apart before their fields
PIECES = Splitter(by=":" + BLANKS, joined=False)


def _split(asked: Asked, splitter: Splitter) -> Iterator[Finding | tuple[str, list[str]]]:
    """Each word with its fields, or what is wrong with it."""
    for word in each(asked, RETAINED):
        if isinstance(word, Finding):
            yield word
            continue
        try:
            yield word, splitter.split(word)
        except WordError as error:
            yield asked.bad(*broken(error))


def check_binds(asked: Asked) -> Iterator[Finding]:
    """`SOURCE[:DESTINATION[:OPTIONS]]` words, with `-` before a source that may be missing."""
    if asked.version < TUPLES_SINCE:
        yield from _old_binds(asked)
        return
    for found in _split(asked, FIELDS):
        if isinstance(found, Finding):
            yield found
        else:
            yield from _bind(asked, *found)


def _old_binds(asked: Asked) -> Iterator[Finding]:
    """The same as older systemds read it, to whom two blanks in a row are an empty path."""
    at: int | None = 0
    try:
        while at is not None:
            start = at
            fields: list[str] = []
            more = True
            while more and at is not None:
                word, at = (QUOTED if len(fields) == 2 else PIECES).first(asked.text, at)
                fields.append(word or "")
                more = at is not None and len(fields) < 3 and asked.text[at - 1] == ":"
            yield from _bind(asked, asked.text[start:at].strip(BLANKS), fields)
    except WordError as error:
        yield asked.bad(*broken(error))


def _bind(asked: Asked, word: str, fields: list[str]) -> Iterator[Finding]:
    if fields == [""]:
        yield asked.bad("there are two blanks in a row, and between them an empty path", "write one blank")
    elif (found := judge(asked, fields[0].removeprefix("-"), asked.bad)) or (
        len(fields) > 1 and (found := judge(asked, fields[1], asked.bad))
    ):
        yield found
    elif len(fields) > 3 or (len(fields) == 3 and fields[2] not in ("", "rbind", "norbind")):
        yield asked.bad(f"`{':'.join(fields[2:])}` are not options of a bind mount", "write `rbind` or `norbind`")
    elif len(fields) == 1 and ",/" in word:
        yield lost(f"`{word}` is taken as one path", f"separate the paths with blanks: `{word.replace(',/', ' /')}`")


def check_temporary(asked: Asked) -> Iterator[Finding]:
    """`PATH[:OPTIONS]` words."""
    for word in each(asked, QUOTED):
        if isinstance(word, Finding):
            yield word
            continue
        path, _, _ = word.partition(":")
        if found := judge(asked, path, asked.bad):
            yield found


def check_images(asked: Asked) -> Iterator[Finding]:
    """`SOURCE:DESTINATION[:PARTITION:OPTIONS …]` words; an extension has no destination."""
    places = 1 if asked.type == "extension_images" else 2
    for found in _split(asked, JOINED):
        if isinstance(found, Finding):
            yield found
        elif found[1]:
            yield from _image(asked, *found, places)


def _image(asked: Asked, word: str, fields: list[str], places: int) -> Iterator[Finding]:
    for raw in (fields[0].removeprefix("-"), *fields[1:places]):
        if found := judge(asked, raw, asked.bad):
            yield found
            return
        dev = below(raw, ("/dev",)) and places == 2
        if asked.version >= API_REFUSED and below(raw, API) and not dev:
            yield asked.bad(f"the path `{raw}` is below /dev, /proc or /sys", "write another place")
            return
    if len(fields) < places:
        yield asked.bad(f"`{word}` has no destination", f"write `{word}:/DESTINATION`")
        return
    rest = fields[places:]
    for name in rest[0 : len(rest) - 1 : 2]:
        if found := _partition(asked, name):
            yield found
    for options in (rest[-1:] if len(rest) % 2 else []) + rest[1::2]:
        if wrong := expand(asked, options)[1]:
            yield wrong


def _partition(asked: Asked, name: str) -> Finding | None:
    if span := words("partition").get(name):
        return asked.newer(name, *span)
    return asked.bad(f"`{name}` is not a kind of partition", meant(name, known("partition", asked.version)))


def check_image_options(asked: Asked) -> Iterator[Finding]:
    """`[PARTITION:]OPTIONS` words."""
    for word in each(asked, RETAINED):
        if isinstance(word, Finding):
            yield word
            continue
        try:
            fields = JOINED.split(word)
        except WordError as error:
            yield asked.bad(*broken(error))
            return
        if len(fields) > 2:
            yield asked.bad(f"`{word}` has too many colons", "write `PARTITION:OPTIONS`")
        elif len(fields) == 2 and (found := _partition(asked, fields[0])):
            yield found
        elif fields and (wrong := expand(asked, fields[-1])[1]):
            yield wrong


def check_policy(asked: Asked) -> Iterator[Finding]:
    """`PARTITION=FLAG+FLAG` with colons between them, or `*`, `~` or `-`."""
    if asked.text in ("*", "~", "-"):
        return
    seen: set[str] = set()
    for rule in asked.text.split(":"):
        name, equal, flags = (part.strip(" \t") for part in rule.partition("="))
        if not equal:
            yield refused(f"`{rule}` is not a rule", "write `PARTITION=FLAGS`, such as `root=verity+signed`")
        elif name in seen:
            yield refused(f"`{name or 'the default'}` has two rules", "write one")
        else:
            yield from _rule(asked, name, flags)
        if not name or name in words("partition") or asked.version < GRACEFUL:
            seen.add(name)


GRACEFUL = 262  # the systemd that takes rules for what it does not know


def _rule(asked: Asked, name: str, flags: str) -> Iterator[Finding]:
    make = lost if asked.version >= GRACEFUL else refused
    if name and name not in words("partition"):
        yield make(f"`{name}` is not a kind of partition", meant(name, words("partition")))
    for flag in flags.split("+") if flags not in ("", "-") else ():
        word = flag.strip(" \t")
        if word not in words("policy"):
            yield make(f"`{word}` is not a way to use a partition", meant(word, words("policy")))
        elif found := asked.newer(word, *words("policy")[word]):
            yield found


def check_hash(asked: Asked) -> Iterator[Finding]:
    """A path, or 16 bytes and more in hex."""
    text = asked.text
    if text.startswith("/"):
        return
    digits = "".join(text.split())
    if not digits or len(digits) % 2 or not set(digits) <= set("0123456789abcdefABCDEF") or len(digits) < 32:
        yield asked.bad(f"`{text}` is neither a path nor a hash", "write an absolute path, or 32 hex digits and more")


def check_signature(asked: Asked) -> Iterator[Finding]:
    """A path, or `base64:` and data."""
    from mkunit.catalog.values.data import base64

    if not asked.text.startswith("/") and not (
        asked.text.startswith("base64:") and base64(asked.text[7:], asked.version)
    ):
        yield asked.bad(
            f"`{asked.text}` is neither a path nor data", "write an absolute path, or `base64:` and the data"
        )


def check_node(asked: Asked) -> Iterator[Finding]:
    """What to mount: a device, a `UUID=` or `LABEL=`, or whatever the file system takes."""
    if trouble := expand(asked, asked.text)[1]:
        yield trouble
