"""Who may change a scope, who may look at it meanwhile, and who is said to be at work."""

import os
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from mkunit.system.lock import alone, holder, shared, stamp


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "lock"


def test_one_at_a_time(file: Path) -> None:
    """The second is told who the first is; when that one is done, it has its turn."""
    with alone(file, 0):
        assert holder(file) == str(os.getpid())
        with pytest.raises(BlockingIOError, match=str(os.getpid())), alone(file, 0):
            pass
    assert holder(file) is None
    with alone(file, 0):
        pass


def test_looks_do_not_keep_each_other(file: Path) -> None:
    """Any number at once."""
    with alone(file, 0):
        pass
    with shared(file, 0), shared(file, 0):
        assert holder(file) is None


def test_looks_wait_for_a_change(file: Path) -> None:
    """For as long as they want to; then they say who is at work."""
    with alone(file, 0), pytest.raises(BlockingIOError, match=str(os.getpid())), shared(file, 0.2):
        pass
    with ExitStack() as stack:
        stack.enter_context(alone(file, 0))
        timer = threading.Timer(0.2, stack.pop_all().close)
        timer.start()
        with shared(file, 20):
            assert holder(file) is None
        timer.join()


def test_a_change_waits_for_looks(file: Path) -> None:
    """Those take a moment, and it would be a pity to fail for it, even where nobody is to be waited for."""
    with alone(file, 0):
        pass
    with ExitStack() as stack:
        stack.enter_context(shared(file, 0))
        timer = threading.Timer(0.2, stack.pop_all().close)
        timer.start()
        with alone(file, 0):
            assert holder(file) == str(os.getpid())
        timer.join()


def test_a_look_makes_nothing(file: Path) -> None:
    """Where nothing was ever changed there is no lock, and a look leaves none."""
    with shared(file, 0), shared(file / "below", 0):
        assert (stamp(file), holder(file)) == (None, None)
    assert not file.exists()


def test_each_change_leaves_its_stamp(file: Path) -> None:
    """By which those who may not take the lock find out that they have looked in the middle of something."""
    with alone(file, 0):
        before = stamp(file)
    with alone(file, 0):
        assert stamp(file) != before
    before = stamp(file)
    with shared(file, 0):
        assert stamp(file) == before


def test_no_link_is_followed(file: Path, tmp_path: Path) -> None:
    """A lock that leads elsewhere is none."""
    file.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic links"), alone(file, 0):
        pass
    assert not (tmp_path / "elsewhere").exists()


DIES = """\
import os, signal, subprocess, sys
from pathlib import Path
from mkunit.system.lock import alone, held
with alone(Path(sys.argv[1]), 0):
    subprocess.Popen(["sleep", "1"], pass_fds=held())
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_last_call_of_the_dead_is_waited_for(file: Path) -> None:
    """What it was about to do is done before somebody else looks at what is left."""
    start = time.monotonic()
    subprocess.run([sys.executable, "-c", DIES, str(file)], check=False)
    with alone(file, 0):
        assert time.monotonic() - start > 1.0
