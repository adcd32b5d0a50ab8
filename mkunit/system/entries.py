"""The journal's entries, one after the other, as JSON."""

import subprocess
import tempfile
from collections.abc import Iterator, Sequence

from mkunit.errors import Diagnostic, SystemdError


def entries(command: Sequence[str]) -> Iterator[str]:
    """What a journalctl with `--output=json` says, entry by entry; SystemdError where it says that it cannot."""
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        try:
            process = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=said, text=True, encoding="utf-8", errors="replace"
            )
        except FileNotFoundError:
            hint = "mkunit shows what systemd's journal has: it is where systemd runs"
            raise SystemdError(Diagnostic("no-systemd", "there is no `journalctl` on this machine", hint)) from None
        with process:
            for line in process.stdout or ():
                if line.startswith("{"):  # else it says in words that there are none
                    yield line.rstrip("\n")
        said.seek(0)
        words = " ".join(said.read().split())
        if process.returncode and words:  # a pattern without a match is no error, and has no words
            raise SystemdError(Diagnostic("journal", f"journalctl: {words}", "`man journalctl` says what it takes"))
