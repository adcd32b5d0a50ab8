"""An apply as it goes on: what a person sees at each moment."""

import io

from rich.console import Console

from mkunit.reporter.doing import Doing


def shown(doing: Doing) -> list[str]:
    out = io.StringIO()
    Console(file=out, width=80, color_system=None).print(doing.paint())
    return out.getvalue().splitlines()


def test_steps_and_jobs() -> None:
    """What is done, what is under way, and what that waits for."""
    doing = Doing(list, color=False)
    doing.tell("write 2 files")
    doing.tell("systemctl restart a.service")
    doing.waiting = [f"{n}.service" for n in "abcdef"]
    lines = shown(doing)
    assert lines[0] == "✓ write 2 files"
    assert lines[1].endswith("systemctl restart a.service")
    assert lines[2] == "    waiting for a.service, b.service, c.service, d.service and 2 more"


def test_end() -> None:
    """The last step is done, or it is where it failed."""
    doing = Doing(list, color=False)
    doing.tell("systemctl restart a.service")
    doing.ended = True
    assert shown(doing) == ["✓ systemctl restart a.service"]
    doing.ended = False
    assert shown(doing) == ["✗ systemctl restart a.service"]


def test_what_fails_is_taken_back() -> None:
    """The step that has failed is told from those that undo what was done before it, which are done."""
    doing = Doing(list, color=False)
    doing.tell("write 1 file")
    doing.tell("systemctl restart a.service")
    doing.turn_back()
    doing.tell("write 1 file")
    doing.turn_back()  # of another scope
    doing.ended = True
    assert shown(doing) == [
        "✓ write 1 file",
        "✗ systemctl restart a.service",
        "it is taken back",
        "✓ write 1 file",
    ]
