"""How a command talks: data to standard output, everything else to standard error, colours only on a terminal."""

import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from mkunit.errors import Diagnostic, MkunitError


class Ui:
    """The manners that were asked for."""

    def __init__(
        self,
        verbose: bool = False,
        quiet: bool = False,
        json: bool = False,
        color: bool = False,
        rich: bool = False,
        interactive: bool = False,
    ) -> None:
        self.verbose = verbose
        self.quiet = quiet
        self.json = json
        self.color = color
        self.rich = rich  # standard error is a terminal that can do more than print lines
        self.interactive = interactive
        self.is_answered = False  # a document stands on standard output

    @classmethod
    def plain(cls) -> "Ui":
        return cls()

    @classmethod
    def of(cls, arguments: Namespace, environment: Mapping[str, str]) -> "Ui":
        """From the flags and the environment: NO_COLOR and TERM=dumb take colours away, CI takes questions away."""
        given = vars(arguments)
        terminal = bool(sys.stderr) and sys.stderr.isatty()
        dumb = environment.get("TERM") == "dumb"
        color = terminal and not (given.get("no_color") or environment.get("NO_COLOR") is not None or dumb)
        asks = (
            terminal
            and bool(sys.stdin)
            and sys.stdin.isatty()
            and not (given.get("no_interactive") or environment.get("CI"))
        )
        return cls(
            bool(given.get("verbose")), bool(given.get("quiet")), bool(given.get("json")), color,
            terminal and not dumb, asks,
        )  # fmt: skip

    @classmethod
    def early(cls, argv: Sequence[str], environment: Mapping[str, str]) -> "Ui":
        """For what is wrong with the flags themselves, before they are read."""
        return cls.of(Namespace(json="--json" in argv, no_color="--no-color" in argv), environment)

    def say(self, text: str) -> None:
        """A line for the person, not for a program; where nobody listens any more, the work goes on."""
        if not self.quiet:
            with suppress(BrokenPipeError):
                print(text, file=sys.stderr)

    def data(self, text: str) -> None:
        """What was asked for, and nothing else, on standard output."""
        sys.stdout.write(text)

    def failed(self, error: MkunitError) -> int:
        """Say what is wrong; the answer is the exit code."""
        if self.json:
            self.document([diagnostic(d) for d in error.diagnostics])
        self.diagnostics(error.diagnostics)
        return error.exit_code

    def document(self, content: object) -> None:
        """One JSON document on standard output; where there is one already, a second would spoil it."""
        import json  # only where it is asked for

        if self.is_answered:
            return
        self.is_answered = True
        text = json.dumps(content, indent=2, ensure_ascii=False)
        if any("\ud800" <= c <= "\udfff" for c in text):  # bytes that are no text, such as those of a path
            text = json.dumps(content, indent=2)
        self.data(f"{text}\n")

    def diagnostics(self, found: Iterable[Diagnostic]) -> None:
        """Findings on standard error."""
        found = list(found)
        if not found:
            return
        from mkunit.reporter.clean import clean  # only where something is wrong

        found = [clean(one) for one in found]
        if self.rich:
            from mkunit.reporter import paint  # rich is slow to import, and only a terminal needs it

            paint.diagnostics(found, self.color)
        else:
            with suppress(BrokenPipeError):
                print("\n".join(map(str, found)), file=sys.stderr)

    def diff(self, path: str, before: str | None, after: str | None, *, to_stdout: bool = False) -> None:
        """What changes in a file."""
        stream = sys.stdout if to_stdout else sys.stderr
        from mkunit.model.unit import shown  # few commands have units to show

        before, after = shown(before), shown(after)
        if self.rich and stream.isatty():
            from mkunit.reporter import paint  # as above

            paint.diff(path, before, after, self.color, stream)
        else:
            from mkunit.reporter import plain

            stream.write(plain.diff(path, before, after))

    @contextmanager
    def progress(self, what: str) -> Iterator[Callable[[int, int], None]]:
        """A function to say how far the work is; on a terminal, what takes over a second has a bar."""
        if not self.rich or self.quiet:
            yield lambda done, total: None
            return
        from mkunit.reporter.progress import Slow  # threads are of no use elsewhere

        with Slow(what, self.color) as slow:
            yield slow.tick

    def ask(self, question: str, default: str = "") -> str:
        """A line from the person at the terminal; an empty answer is the default."""
        shown = f"{question} [{default}]: " if default else f"{question}: "
        try:
            print(shown, end="", file=sys.stderr, flush=True)
            line = sys.stdin.readline()
        except KeyboardInterrupt:
            print(file=sys.stderr)
            raise
        if not line:  # Ctrl-D
            print(file=sys.stderr)
            raise KeyboardInterrupt
        return line.strip() or default

    def confirm(self, question: str) -> bool:
        """Yes or no; no without an answer."""
        return self.ask(f"{question} [y/N]").lower() in ("y", "yes")


def diagnostic(found: Diagnostic) -> dict[str, object]:
    """A finding as JSON has it."""
    return {
        "path": found.origin.path if found.origin else None,
        "line": found.origin.line or None if found.origin else None,
        "code": found.code,
        "severity": str(found.severity),
        "message": found.message,
        "hint": found.hint,
        "unit": found.unit,
        "directive": found.directive,
    }
