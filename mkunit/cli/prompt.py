"""Questions for what is missing: an answer that does not hold is explained at once, and asked for again."""

from argparse import Namespace
from collections.abc import Callable

from mkunit.cli import oneoff
from mkunit.cli.ui import Ui
from mkunit.errors import MkunitError


def asked(ui: Ui, question: str, attempt: Callable[[str], object], default: str = "") -> str:
    """An answer that holds: `attempt` raises where one does not."""
    while True:
        answer = ui.ask(question, default)
        if not answer:
            continue
        try:
            attempt(answer)
        except MkunitError as error:
            for found in error.diagnostics:
                # The keyword at the start of a message is that of a units file, which nobody has written.
                name, colon, rest = found.message.partition("`: ")
                message = rest if colon and name.startswith("`") and name[1:].isidentifier() else found.message
                ui.say(f"  {message}" + (f"; {found.hint}" if found.hint else ""))
        else:
            return answer


def name(given: Namespace, ui: Ui, kind: str, attempt: Callable[[str], object], example: str) -> None:
    """The unit's name; without it, and without anybody to ask, nothing can be done."""
    if given.name:
        return
    if given.name == "" or not ui.interactive:
        raise oneoff.usage("usage", f"the {kind} has no name", f"write `mkunit {kind} {example}`")
    given.name = asked(ui, f"Name of the {kind}", attempt)
