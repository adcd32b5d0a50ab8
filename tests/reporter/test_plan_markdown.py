"""Plans as Markdown."""

from mkunit.model.plan import Change, Plan
from mkunit.reporter import markdown

CHANGE = Change(
    "web.service", "system", "web.service", "changed", "[Service]\nExecStart=/a\n", "[Service]\nExecStart=/b\n",
    "restart", "`ExecStart=` changed, and it is running", drops=True,
)  # fmt: skip


def test_a_row_and_a_diff_for_each_change() -> None:
    """What happens and why in a table; the file's diff below it, in a fence."""
    text = markdown.text([Plan("system", "/etc/systemd/system", (CHANGE,))])
    assert (
        "| `web.service` | changed | restart web.service | `ExecStart=` changed, and it is running | dropped |" in text
    )
    assert "```diff\n--- a/web.service\n+++ b/web.service\n" in text
    assert "-ExecStart=/a\n+ExecStart=/b\n```\n" in text


def test_a_file_cannot_leave_its_fence() -> None:
    """Backticks and bars in a unit's text stay text."""
    change = Change("a|b.service", "system", "a.service", "new", None, "# ```\n```\n<b>|\n", "nothing", "x | <i>\ny")
    text = markdown.text([Plan("system", "/etc/systemd/system", (change,))])
    assert "\n````diff\n" in text
    assert text.count("\n````\n") == 1
    assert "| `a\\|b.service` | new | nothing | x \\| &lt;i> y | kept |" in text


def test_nothing_is_said_in_words() -> None:
    """A comment on a change that changes nothing."""
    assert (
        markdown.text([Plan("system", "/etc/systemd/system")])
        == "nothing to do: everything is as the units files say\n"
    )
