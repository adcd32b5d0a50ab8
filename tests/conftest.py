"""For every room's tests: the plugin that users have is ours too, and in CI no machine may be missing."""

import os
from collections.abc import Callable

import pytest

if os.environ.get("CI"):
    os.environ.setdefault("MKUNIT_REQUIRE_MACHINE", "1")

_FIGURE = "figure"

Figure = Callable[[str], None]


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Figure:
    """A figure that is of interest though the test passes: it stands in the summary, whichever process found it."""
    return lambda text: record_property(_FIGURE, text)


class _Figures:
    """Gathers the figures of all tests, those of other processes too."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call":
            self.found += [str(value) for name, value in report.user_properties if name == _FIGURE]

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.found:
            terminalreporter.section("figures")
            for text in sorted(self.found):
                terminalreporter.write_line(text)


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(_Figures())
