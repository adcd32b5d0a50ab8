"""Links in a unit folder to unit files elsewhere: all of them or none, and never over something else."""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from mkunit.errors import Diagnostic, MkunitError, Origin, RefusedError
from mkunit.system.files import failed
from mkunit.system.local import Local


class Links:
    """The links that were made, to be taken back where one of them fails."""

    def __init__(self, machine: Local) -> None:
        self.machine = machine
        self.made: list[Path] = []

    def make(self, sources: Sequence[Path]) -> None:
        """Link each file, and let systemd know; whatever fails, Ctrl-C included, everything is as it was."""
        try:
            for source in sources:
                self._link(self.machine.folder / source.name, source)
            if self.made and self.machine.is_running():
                self.machine.do("daemon-reload")
                self._loaded(sources)
        except BaseException:
            self._take_back()
            raise

    def _link(self, place: Path, source: Path) -> None:
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            os.symlink(source, place)  # noqa: PTH211  it fails where anything is, which is what is wanted
        except FileExistsError:
            raise RefusedError(Diagnostic("foreign-file", "is there already", None, Origin(str(place)))) from None
        except OSError as error:
            raise failed(place, error) from None
        self.made.append(place)

    def _loaded(self, sources: Sequence[Path]) -> None:
        for source in sources:
            if "@." in source.name:
                continue  # a bare template cannot be asked about
            state = self.machine.properties(source.name, "LoadState", "LoadError")
            if state.get("LoadState") != "loaded":
                words = state.get("LoadError") or state.get("LoadState")
                hint = "systemd must be able to read it where it is"
                raise MkunitError(
                    Diagnostic("not-loaded", f"systemd does not load it: {words}", hint, Origin(str(source)))
                )

    def _take_back(self) -> None:
        for place in reversed(self.made):
            with suppress(OSError):
                place.unlink()
        if self.made and self.machine.is_running():
            with suppress(MkunitError):
                self.machine.do("daemon-reload")
