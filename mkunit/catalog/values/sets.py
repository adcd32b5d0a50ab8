"""Lists of words from a known set, plain or with `~` before them: capabilities, families, namespaces, signals."""

from collections.abc import Iterator

from mkunit.catalog.spec import Finding, Outcome
from mkunit.catalog.values.asked import Asked, lost, meant
from mkunit.catalog.values.enums import judge, known, words
from mkunit.catalog.values.lists import each
from mkunit.catalog.values.numbers import boolean, integer, octal
from mkunit.catalog.values.words import PLAIN, QUOTED
from mkunit.errors import near


def _list_hint(word: str, names: list[str]) -> str | None:
    if "," in word:
        return "separate the words with blanks, without commas"
    return meant(word, names)


def check_capabilities(asked: Asked) -> Iterator[Finding]:
    """Names of capabilities in any case; systemd says nothing of those that it does not know."""
    names = known("capability", asked.version)
    folded = {name.lower() for name in names}
    for word in each(asked, QUOTED, asked.text.removeprefix("~")):
        if isinstance(word, Finding):
            yield lost(word.message, word.hint)
        elif word.lower() not in folded and (integer(word) or 63 if word != "0" else 0) not in range(63):
            yield lost(f"`{word}` is not a capability, and is skipped without a word", _capability_hint(word, names))


def _capability_hint(word: str, names: list[str]) -> str | None:
    if "," in word:
        return "separate the names with blanks, without commas"
    if f"CAP_{word.upper()}" in names:
        return f"write `CAP_{word.upper()}`"
    return meant(word, names, "write the names of capabilities(7), such as `CAP_NET_BIND_SERVICE`")


def check_secure_bits(asked: Asked) -> Iterator[Finding]:
    """Names of secure bits; systemd says nothing of those that it does not know."""
    table = words("secure_bits")
    for word in each(asked, QUOTED):
        if isinstance(word, Finding):
            yield lost(word.message, word.hint)
        elif word not in table:
            names = known("secure_bits", asked.version)
            yield lost(f"`{word}` is not a secure bit, and is skipped without a word", _list_hint(word, names))
        elif found := asked.newer(word, *table[word]):
            yield found


def check_families(asked: Asked) -> Iterator[Finding]:
    """`none`, or address families in capitals."""
    if asked.text == "none":
        return
    table = words("address_family")
    for word in each(asked, QUOTED, asked.text.removeprefix("~")):
        if isinstance(word, Finding):
            yield word
        elif word.upper() not in table and word != "AF_DECnet":
            yield asked.bad(f"`{word}` is not an address family", _family_hint(word, list(table)))


def _family_hint(word: str, names: list[str]) -> str | None:
    special = {"IPV4": "AF_INET", "IPV6": "AF_INET6", "INET": "AF_INET", "INET6": "AF_INET6"}
    if "," in word:
        return "separate the words with blanks, without commas"
    name = special.get(word.upper(), f"AF_{word.upper()}")
    return f"write `{name}`" if name in names else meant(word, names)


def check_namespaces(asked: Asked) -> Iterator[Finding]:
    """A boolean, or kinds of namespaces."""
    if boolean(asked.text) is not None:
        return
    for word in each(asked, PLAIN, asked.text.removeprefix("~")):
        found = word if isinstance(word, Finding) else judge(asked, word, "namespace_flags")
        if found and found.outcome is not Outcome.NEWER and isinstance(word, str) and "," in word:
            yield asked.bad(found.message, "separate the words with blanks, without commas")
        elif found:
            yield found
        elif word == "user" and asked.directive.name == "DelegateNamespaces" and asked.text[0] != "~":
            yield asked.bad("the user namespace cannot be delegated", "leave out `user`")


def check_delegate(asked: Asked) -> Iterator[Finding]:
    """A boolean, or names of controllers."""
    if boolean(asked.text) is not None:
        return
    for word in each(asked, QUOTED):
        if isinstance(word, Finding):
            yield word
        elif found := judge(asked, word, "controller"):
            if found.outcome is not Outcome.NEWER:
                found = asked.bad(found.message, _list_hint(word, known("controller", asked.version)) or found.hint)
            yield found


def check_controllers(asked: Asked) -> Iterator[Finding]:
    """Names of controllers; systemd says nothing of an unknown one beside a known one."""
    table = known("controller", asked.version)
    names = list(each(asked, PLAIN))
    good = any(word in table for word in names)
    for word in names:
        if isinstance(word, Finding):
            yield word
        elif word not in table:
            make = lost if good else asked.bad
            yield make(f"`{word}` is not a controller", _list_hint(word, table))


def check_refresh(asked: Asked) -> Iterator[Finding]:
    """A boolean, or what to refresh."""
    if boolean(asked.text) is not None:
        return
    for word in each(asked, PLAIN, asked.text.removeprefix("~")):
        found = word if isinstance(word, Finding) else judge(asked, word, "refresh_on_reload")
        if found:
            yield found


def check_coredump(asked: Asked) -> Iterator[Finding]:
    """Kinds of memory, or a mask in hex."""
    for word in each(asked, PLAIN):
        if isinstance(word, Finding):
            yield word
        elif word not in words("coredump_filter") and not _hex(word):
            hint = meant(word, words("coredump_filter"), "write `default`, or a mask such as `0x33`")
            yield asked.bad(f"`{word}` is not a kind of memory", hint)


def _hex(word: str) -> bool:
    digits = word.removeprefix("+").lower().removeprefix("0x")
    return bool(digits) and set(digits) <= set("0123456789abcdefABCDEF") and int(digits, 16) < 2**64


def signal_trouble(word: str) -> str | None:
    """What to write instead of something that is no signal."""
    name = word.removeprefix("SIG")
    if name in words("signal"):
        return None
    number = integer(word)
    if number is not None:
        return None if 0 < number < 65 else "write a number from 1 to 64, or the name"
    for base, sign in (("RTMIN", "+"), ("RTMAX", "-")):
        if name.startswith(base):
            rest = name.removeprefix(base)
            offset = abs(integer(rest) or 0) if rest[:1] == sign and integer(rest) is not None else 31
            return None if not rest or offset <= 30 else f"write `{base}{sign}1` to `{base}{sign}30`"
    upper = word.upper().removeprefix("SIG")
    if upper in words("signal"):
        return f"write `SIG{upper}`"
    likely = near(upper, words("signal"))
    return f"did you mean `SIG{likely}`?" if likely else "write a name of signal(7), such as `SIGTERM`"


def check_signal(asked: Asked) -> Iterator[Finding]:
    """One signal, by name in capitals or by number."""
    if hint := signal_trouble(asked.text):
        yield asked.bad(f"`{asked.text}` is not a signal", hint)


def check_statuses(asked: Asked) -> Iterator[Finding]:
    """Exit codes by number or name, and signals by name."""
    table = words("exit_status")
    for word in each(asked, PLAIN):
        if isinstance(word, Finding):
            yield word
        elif span := table.get(word):
            if found := asked.newer(word, *span):
                yield found
        elif (number := integer(word)) is not None and 0 <= number < 256:
            yield from octal(word, number)
        elif number is not None:
            yield asked.bad(f"`{word}` is not an exit code", "write a number from 0 to 255")
        elif signal_trouble(word):
            yield asked.bad(f"`{word}` is neither an exit code nor a signal", _status_hint(word, list(table)))


def _status_hint(word: str, names: list[str]) -> str | None:
    if "," in word:
        return "separate the words with blanks, without commas"
    if word.startswith("EX_") and word[3:] in names:
        return f"write `{word[3:]}`"
    return meant(word, [*names, *(f"SIG{name}" for name in words("signal"))])


def check_architectures(asked: Asked) -> Iterator[Finding]:
    """Names of the binary interfaces that system calls may come through."""
    for word in each(asked, QUOTED):
        found = word if isinstance(word, Finding) else judge(asked, word, "syscall_arch")
        if found:
            yield asked.bad(found.message, _arch_hint(str(word)) or found.hint)


def _arch_hint(word: str) -> str | None:
    if "," in word:
        return "separate the words with blanks, without commas"
    same = {"amd64": "x86-64", "x86_64": "x86-64", "i386": "x86", "i686": "x86", "aarch64": "arm64"}.get(word)
    return f"write `{same}`" if same else None


def check_personality(asked: Asked) -> Iterator[Finding]:
    """The name of an architecture that the processor can take on."""
    if asked.text not in words("architecture"):
        hint = _arch_hint(asked.text) or meant(asked.text, words("architecture"))
        yield asked.bad(f"`{asked.text}` is not an architecture", hint)
