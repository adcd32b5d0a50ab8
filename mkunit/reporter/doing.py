"""An apply as it goes on: each step as it comes, and the jobs that systemd still has to do for it."""

import threading
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

from rich.console import Group, RenderableType
from rich.live import Live
from rich.spinner import Spinner
from rich.text import Text

from mkunit.errors import RolledBackError
from mkunit.reporter.clean import printable
from mkunit.reporter.paint import console

_LOOK = 0.5  # seconds between two questions for jobs; each costs systemd some milliseconds
_NAMED = 4  # jobs that are named before the others are counted


class Doing:
    """While this is entered, `tell` says which step is next; the last one is done when it is left without an error.

    `turn_back` says that the step has failed, and that those to come undo what was done.
    """

    def __init__(self, jobs: Callable[[], Sequence[str]], color: bool) -> None:
        self.jobs = jobs
        self.steps: list[str] = []
        self.waiting: Sequence[str] = ()
        self.ended: bool | None = None
        self.failed: int | None = None  # the step that has
        self._spinner = Spinner("dots", style="cyan")
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._look, daemon=True)
        self._live = Live(
            get_renderable=self.paint, console=console(color), redirect_stdout=False, redirect_stderr=False,
            refresh_per_second=8,
        )  # fmt: skip

    def tell(self, step: str) -> None:
        self.steps.append(printable(step))

    def turn_back(self) -> None:
        if self.failed is None:
            self.failed = max(len(self.steps) - 1, 0)

    def __enter__(self) -> Self:
        self._live.start()
        self._watch.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._over.set()
        self._watch.join()
        self.waiting, self.ended = (), kind is None or kind is RolledBackError
        self._live.stop()

    def _look(self) -> None:
        while not self._over.wait(_LOOK):
            self.waiting = self.jobs()

    def paint(self) -> RenderableType:
        """The steps so far, and what the present one waits for."""
        lines: list[RenderableType] = []
        for number, step in enumerate(self.steps):
            is_last = number == len(self.steps) - 1
            if number == self.failed or (is_last and self.ended is False):
                lines.append(Text(f"✗ {step}", "red"))
            elif is_last and self.ended is None:
                self._spinner.update(text=Text(f" {step}"))
                lines.append(self._spinner)
            else:
                lines.append(Text(f"✓ {step}", "dim"))
            if number == self.failed:
                lines.append(Text("it is taken back", "yellow"))
        if self.waiting:
            more = len(self.waiting) - _NAMED
            names = ", ".join(map(printable, self.waiting[:_NAMED])) + (f" and {more} more" if more > 0 else "")
            lines.append(Text(f"    waiting for {names}", "dim"))
        return Group(*lines)
