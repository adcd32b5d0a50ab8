"""`mkunit check --fix`: what is certain is mended in the files themselves, after a diff and a yes."""

from argparse import Namespace
from collections.abc import Sequence

from mkunit.checker import rewrite_file, rewrite_python
from mkunit.checker.mends import mend
from mkunit.cli.checking import Texts
from mkunit.cli.ui import Ui
from mkunit.errors import Diagnostic
from mkunit.system.files import Changes


def fix(found: Sequence[Diagnostic], texts: Texts, given: Namespace, ui: Ui) -> list[Diagnostic]:
    """Mend what can be mended; the findings that are left."""
    texts_after: dict[str, str] = {}
    mended: set[Diagnostic] = set()
    # From the bottom to the top, so that a change moves no line that is still to be changed.
    for one in sorted(found, key=lambda one: -(one.origin.line if one.origin else 0)):
        path = one.origin.path if one.origin else ""
        before = texts_after.get(path) or texts.text(path)
        if before is not None and (after := _mended(before, one)) is not None:
            texts_after[path] = after
            mended.add(one)
    if not mended:
        ui.say("nothing of it can be mended without you")
        return list(found)
    for path, after in sorted(texts_after.items()):
        ui.diff(path, texts.text(path), after)
    if not (given.yes or (ui.interactive and ui.confirm(f"Write {len(texts_after)} file(s)?"))):
        ui.say("nothing is written: say yes, or give `--yes`")
        return list(found)
    _write(texts_after, texts)
    ui.say(f"mended {len(mended)} of {len(found)}")
    return [one for one in found if one not in mended]


def _mended(text: str, one: Diagnostic) -> str | None:
    todo = mend(one)
    if todo is None or one.origin is None or one.unit is None:
        return None
    rewritten = rewrite_python.rewritten if one.origin.path.endswith(".py") else rewrite_file.rewritten
    return rewritten(text, one.origin.line, one.unit, todo)


def _write(after: dict[str, str], texts: Texts) -> None:
    change = Changes()
    for path, text in after.items():
        change.write(texts.place(path), text)
    change.commit()
    texts.read.clear()
