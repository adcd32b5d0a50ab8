"""Words of a fixed set: which there are, and which systemd brought or dropped them, is data in `enums.tsv`."""

from collections.abc import Iterator, Mapping
from functools import cache

from mkunit.catalog.spec import Finding
from mkunit.catalog.values.asked import Asked, deprecated, ignored, meant
from mkunit.catalog.values.numbers import boolean, integer
from mkunit.catalog.values.tables import rows

BOOLEAN = "<boolean>"  # in the table: any spelling of yes and no
NUMBER = "<number>"  # in the table: a number, too, up to the one in the column of the word's meaning
HIGHEST = {
    "exec_cpu_sched_policy": 2**31 - 1,
    "exec_io_class": 7,
    "ip_tos": 255,
    "log_level": 7,
    "log_facility": 127,
}


@cache
def words(kind: str) -> Mapping[str, tuple[int, int | None]]:
    """The words of a type, each with the systemd that brought it and the one that dropped it."""
    return _tables().get(kind, {})


@cache
def _tables() -> dict[str, dict[str, tuple[int, int | None]]]:
    tables: dict[str, dict[str, tuple[int, int | None]]] = {}
    for kind, word, since, until in rows("enums.tsv"):
        tables.setdefault(kind, {})[word] = int(since or 0), int(until) if until else None
    return tables


def known(kind: str, version: int) -> list[str]:
    """The words that a systemd knows, with `yes` and `no` where those stand for more spellings."""
    names = [word for word, (since, until) in words(kind).items() if since <= version < (until or 10**6)]
    plain = [word for word in names if word[0] != "<"]
    return ["yes", "no", *plain] if BOOLEAN in names else plain


def judge(asked: Asked, word: str, kind: str) -> Finding | None:
    """What is wrong with one word of a type."""
    table = words(kind)
    if span := table.get(word):
        return asked.newer(word, *span)
    if BOOLEAN in table and boolean(word) is not None:
        return asked.newer(word, *table[BOOLEAN])
    if NUMBER in table and (number := integer(word)) is not None and 0 <= number <= HIGHEST[kind]:
        return None
    names = known(kind, asked.version)
    return asked.bad(f"`{word}` is not one of the words that {asked.directive.name}= takes", _hint(word, names))


def _hint(word: str, names: list[str]) -> str:
    bare = word.strip("\"'")
    if bare != word and bare in names:
        return f"write `{bare}`, without quotes"
    return meant(word, names)


def check_word(asked: Asked) -> Iterator[Finding]:
    """One word of the type's set."""
    if found := judge(asked, asked.text, asked.type):
        yield found


def check_kill_mode(asked: Asked) -> Iterator[Finding]:
    """One word, of which `none` leaves processes behind."""
    if asked.text == "none":
        yield deprecated("`none` leaves processes running when the unit stops", "write `control-group` or `mixed`")
    else:
        yield from check_word(asked)


USER_ACTIONS = frozenset(("none", "exit", "exit-force", "soft-reboot", "soft-reboot-force", "kexec", "kexec-force"))


def check_action(asked: Asked) -> Iterator[Finding]:
    """What to do with the machine, or with the user's manager."""
    yield from check_word(asked)
    if asked.scope == "user" and asked.text in words(asked.type) and asked.text not in ("none", "exit", "exit-force"):
        yield ignored(f"`{asked.text}` is for the system's manager", "write `exit` or `exit-force`")


def check_hostname(asked: Asked) -> Iterator[Finding]:
    """A boolean; since systemd 258 also `private`, and a name after a colon."""
    word, colon, name = asked.text.partition(":")
    if not colon or asked.version < 258:
        if colon and judge(asked, word, asked.type) is None:
            yield asked.newer(asked.text, 258) or asked.bad(f"`{asked.text}` is not understood")
        else:
            yield from check_word(asked)
        return
    if found := judge(asked, word, asked.type):
        yield found
    elif boolean(word) is False or not _host(name):
        yield asked.bad(f"`{asked.text}` is not a way to protect the host name", "write `private:NAME`")


def _host(name: str) -> bool:
    if "%" in name:
        return True
    labels = name.split(".")
    return len(name) <= 64 and all(
        label and label[0] != "-" and label[-1] != "-" and label.replace("-", "").isalnum() and label.isascii()
        for label in labels
    )


PROTOCOLS = {"udplite": 136, "sctp": 132, "mptcp": 262}


def check_protocol(asked: Asked) -> Iterator[Finding]:
    """A protocol of the kernel, by name or number."""
    number = integer(asked.text)
    name = next((word for word, code in PROTOCOLS.items() if code == number or word == asked.text.lower()), None)
    if name == "mptcp":
        if found := asked.newer(asked.text, 257):
            yield found
    elif name is None:
        hint = "leave it out: TCP and UDP are what ListenStream= and ListenDatagram= use"
        usual = asked.text.lower() in ("tcp", "udp")
        wrong = f"`{asked.text}` is not one of the words that SocketProtocol= takes"
        yield asked.bad(wrong, hint if usual else meant(asked.text, PROTOCOLS))


def check_flags(asked: Asked) -> Iterator[Finding]:
    """Words with commas between them, of which systemd drops those that it does not know."""
    for word in asked.text.split(","):
        if word == "any" != asked.text:
            yield asked.bad("`any` stands alone", "write `any`, or the words without it")
        elif word and (found := judge(asked, word, asked.type)):
            yield found
