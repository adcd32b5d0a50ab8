"""A progress bar for what turns out to be slow; what is done within a second never sees it, nor pays for rich."""

import threading
from types import TracebackType
from typing import Self

DELAY = 1.0  # seconds
STEP = 0.1


class Slow:
    """Between entering and leaving, `tick(done, total)` says how far the work is."""

    def __init__(self, what: str, color: bool) -> None:
        self.what, self.color = what, color
        self.done, self.total = 0, 0
        self._over = threading.Event()
        self._painter = threading.Thread(target=self._paint, daemon=True)

    def tick(self, done: int, total: int) -> None:
        self.done, self.total = done, total

    def __enter__(self) -> Self:
        self._painter.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._over.set()
        self._painter.join()

    def _paint(self) -> None:
        if self._over.wait(DELAY):
            return
        # What is done by now needs no bar, and rich is slow to import.
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        from mkunit.reporter.paint import console

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(
            *columns, console=console(self.color), transient=True, redirect_stdout=False, redirect_stderr=False
        ) as bar:
            task = bar.add_task(self.what, total=None)
            while not self._over.wait(STEP):
                bar.update(task, completed=self.done, total=self.total or None)
