"""Text that is longer than the terminal, in a pager; no shell is involved."""

import os
import shlex
import shutil
import subprocess
from contextlib import suppress
from typing import TextIO


def show(text: str, stream: TextIO) -> None:
    """Through $MKUNIT_PAGER, $PAGER or less; straight to the terminal where there is none."""
    asked = os.environ.get("MKUNIT_PAGER", os.environ.get("PAGER", "less"))
    command = shlex.split(asked)
    if not command or command[0] == "cat" or shutil.which(command[0]) is None:
        stream.write(text)
        return
    environment = {"LESS": "FRX", **os.environ}
    with (
        subprocess.Popen(command, stdin=subprocess.PIPE, text=True, env=environment) as pager,
        suppress(BrokenPipeError),
    ):
        pager.communicate(text)
