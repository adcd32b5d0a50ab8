"""What was probably meant by a flag that a command does not have."""

from collections.abc import Iterable

from mkunit import catalog
from mkunit.errors import near


def flag(written: str, known: Iterable[str], command: str) -> str | None:
    """A hint: another flag, or the directive that is to be had by `--set`.

    >>> flag("--memory-max", ["--set"], "service")
    'write `--set MemoryMax=…`'
    """
    known = list(known)
    directives = catalog.keywords(command) if command in catalog.kinds() and "--set" in known else {}
    word = written.lstrip("-").replace("-", "_")
    by_name = {name.lower(): name for _, name in directives.values()}
    if name := (directives[word][1] if word in directives else by_name.get(word.lower())):
        return f"write `--set {name}=…`"
    if meant := near(written, known):
        return f"did you mean `{meant}`?"
    if meant := near(word, directives):
        return f"did you mean `--set {directives[meant][1]}=…`?"
    return None
