"""Crontabs: the timers elapse when cron would run the jobs, and what has no equivalent is refused."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mkunit import importer
from mkunit.errors import ParseError
from mkunit.importer import cron, proof
from mkunit.importer.cron import Crontab
from mkunit.importer.schedule import calendar
from mkunit.model.unit import Unit

START = datetime(2027, 1, 30, 12, 34, tzinfo=UTC)
LIMITS = {"minute": (0, 59), "hour": (0, 23), "day": (1, 31), "month": (1, 12), "weekday": (0, 7)}


def field(text: str, low: int, high: int) -> set[int]:
    """What cron makes of one field, the slow way."""
    found = set()
    for part in text.split(","):
        span, _, step = part.partition("/")
        first, _, last = (f"{low}-{high}" if span == "*" else span if "-" in span else f"{span}-{span}").partition("-")
        found |= set(range(int(first), int(last) + 1, int(step or 1)))
    return found


def runs(text: str, count: int) -> Iterator[datetime]:
    """When cron would run a job, by crontab(5): with both kinds of days restricted, either is enough."""
    words = text.split()
    minutes, hours, days, months, weekdays = (field(w, *LIMITS[n]) for w, n in zip(words, LIMITS, strict=True))
    weekdays = {day % 7 for day in weekdays}
    day = START.date()
    while count and day < date(2060, 1, 1):
        by_date, by_week = day.day in days, day.isoweekday() % 7 in weekdays
        both = words[2][0] == "*" or words[4][0] == "*"
        if day.month in months and (by_date and by_week if both else by_date or by_week):
            for hour in sorted(hours):
                for minute in sorted(minutes):
                    moment = datetime.combine(day, time(hour, minute), UTC)
                    if moment > START and count:
                        count -= 1
                        yield moment
        day += timedelta(days=1)


def elapses(expressions: list[list[str]], count: int) -> list[list[datetime]]:
    """When systemd's timers would elapse: all expressions of a timer count."""
    flat = [text for group in expressions for text in group]
    base = START.strftime("%Y-%m-%d %H:%M:%S UTC")
    argv = ["systemd-analyze", "calendar", f"--iterations={count}", f"--base-time={base}", *flat]
    printed = subprocess.run(argv, env=os.environ | {"TZ": "UTC"}, capture_output=True, text=True, check=True).stdout
    blocks = printed.strip().split("\n\n")
    found = iter(
        re.findall(
            r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.sub(r"Original form.*\n|Normalized form.*\n|\(in UTC\).*\n", "", b)
        )
        for b in blocks
    )
    result = []
    for group in expressions:
        moments = {datetime.fromisoformat(f"{text}+00:00") for _ in group for text in next(found)}
        result.append(sorted(moments)[:count])
    return result


@st.composite
def fields(draw: st.DrawFn) -> str:
    words = []
    for low, high in LIMITS.values():
        numbers = st.integers(low, high)
        spans = st.tuples(numbers, numbers).map(lambda pair: f"{min(pair)}-{max(pair)}")
        steps = st.tuples(spans | st.just("*"), st.integers(1, high)).map(lambda pair: f"{pair[0]}/{pair[1]}")
        part = numbers.map(str) | spans | steps
        words.append(draw(st.just("*") | st.lists(part, min_size=1, max_size=3).map(",".join)))
    return " ".join(words)


def test_timers_elapse_when_cron_runs_jobs() -> None:
    """Five hundred schedules, by systemd's own calendar against cron's rules as they are written."""
    if shutil.which("systemd-analyze") is None:
        pytest.fail("systemd-analyze is not installed")
    schedules = [
        "0 0 1,15 * 5",
        "*/5 9-17 * * 1-5",
        "0 0 */2 * 1",
        "59 23 31 12 *",
        "0 4 29 2 *",
        "0 0 * * 7",
        "0 0 1 * 0-6",
    ]

    @settings(max_examples=500, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(fields())
    def collect(text: str) -> None:
        schedules.append(text)

    collect()
    possible = [text for text in dict.fromkeys(schedules) if next(runs(text, 1), None)]
    for at in range(0, len(possible), 50):
        chunk = possible[at : at + 50]
        found = elapses([calendar(text) for text in chunk], 4)
        wrong = [(t, calendar(t)) for t, moments in zip(chunk, found, strict=True) if moments != list(runs(t, 4))]
        assert wrong == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@daily", ["daily"]), ("@hourly", ["hourly"]), ("@monthly", ["monthly"]), ("@yearly", ["yearly"]),
        ("@weekly", ["Sun 00:00"]), ("@midnight", ["daily"]), ("30 2 * * *", ["02:30"]), ("* * * * *", ["*:*"]),
        ("0 9 * * mon-fri", ["Mon..Fri 09:00"]), ("15 10 1 jan,jul *", ["*-01,07-01 10:15:00"]),
        ("0 0 13 * fri", ["*-*-13 00:00:00", "Fri 00:00"]), ("0 */6 * * *", ["0/6:00"]),
    ],
)  # fmt: skip
def test_schedules_as_a_person_writes_them(text: str, expected: list[str]) -> None:
    """Short where systemd has a short form."""
    assert calendar(text) == expected


def units(text: str, user: str | None = "root", scope: str = "system") -> dict[str, Unit]:
    sheets, _ = cron.read(Crontab(text, "crontab", user, scope))
    python = importer.convert(sheets, "system", "x.").text
    return {unit.name: unit for unit in proof.again(python, "system")}


def test_a_system_crontab() -> None:
    """Users from their column, variables from where they are set, a shell only where one is needed."""
    made = units("A=1\n0 1 * * * app /usr/bin/a -x\nPATH=/opt/bin\n@reboot root b | c\n", user=None)
    assert set(made) == {"a.service", "a.timer", "b.service"}
    assert made["a.service"].directive("ExecStart") == "/usr/bin/a -x"
    assert (made["a.service"].directive("User"), made["b.service"].directive("User")) == ("app", "root")
    assert made["a.service"].values("Environment") == ("A=1",)
    assert made["b.service"].values("Environment") == ("A=1", "PATH=/opt/bin")
    assert made["b.service"].directive("ExecStart") == '/bin/sh -c "b | c"'
    assert made["b.service"].directive("WantedBy") == "multi-user.target"
    assert made["a.service"].directive("WantedBy") is None
    assert made["a.timer"].directive("OnCalendar") == "01:00"
    assert made["a.service"].directive("WorkingDirectory") == "~"


def test_a_users_crontab() -> None:
    """In the user's own systemd nobody needs to be named."""
    made = units("0 1 * * * /usr/bin/a\n", user="", scope="user")
    assert {unit.scope for unit in made.values()} == {"user"}
    assert made["a.service"].directive("User") is None


def test_input_behind_a_percent_sign() -> None:
    """The first `%` ends the command, the others end lines; what systemd would read as something else is data."""
    job = units("0 1 * * * mail a%100\\% sure%bye\n")["mail.service"]
    assert job.directive("ExecStart") == '/bin/sh -c "mail a"' or job.directive("ExecStart") == '/bin/sh -c "mail a"'
    assert job.values("StandardInputText") == ("100%% sure", "bye")
    other = units("0 1 * * * mail a%%  x\n")["mail.service"]
    assert other.directive("StandardInputData") == "CiAgeAo="


def test_zone_and_delay() -> None:
    """What cronie adds."""
    made = units("CRON_TZ=Europe/Berlin\nRANDOM_DELAY=5\n@daily /usr/bin/a\n")
    assert made["a.timer"].directive("OnCalendar") == "*-*-* 00:00:00 Europe/Berlin"
    assert made["a.timer"].directive("RandomizedDelaySec") == "5min"


def test_mail() -> None:
    """Nobody is mailed, and that is said; without an address there is nothing to say."""
    _, notes = cron.read(Crontab('MAILTO=""\nMAILTO=me@example.org\n@daily /usr/bin/a\n', "crontab", "root"))
    assert [(note.code, note.origin and note.origin.line) for note in notes] == [("no-mail", 2)]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("@every_minute /usr/bin/a", "is no time of cron's"), ("0 0 * * /usr/bin/a x", "no equivalent as a day of the week"),
        ("60 0 * * * a", "it is from 0 to 59"), ("0 0 L * * a", "no equivalent"), ("0~30 0 * * * a", "no equivalent"),
        ("5/10 * * * * a", "a step without a range"), ("0 22-4 * * * a", "runs backwards"), ("0 0 * * *", "has no command"),
        ("0 0 * * fri#2 a", "no equivalent"), ("*/0 * * * * a", "from 1 to 59"), ("0 0 30 2 * a", "never comes"),
        ("-5 * * * * a", "no equivalent"),
    ],
)  # fmt: skip
def test_refused(line: str, said: str) -> None:
    """What systemd cannot do, or cron itself would not take, is an error with its line."""
    with pytest.raises(ParseError, match=re.escape(said)) as caught:
        units(f"# one\n{line}\n")
    assert [found.origin and found.origin.line for found in caught.value.diagnostics] == [2]


SNIPPETS = [*"05*/,-@# \t\n%\\=aA'\"$;~\0\x1b\udcff", "@daily ", "* * * * * ", "MAILTO=", "/bin/a"]


@settings(max_examples=400, deadline=None, database=None, derandomize=True)
@given(st.lists(st.sampled_from(SNIPPETS), max_size=40).map("".join))
def test_no_text_ends_in_a_traceback(text: str) -> None:
    """Any text is a crontab, or is refused in words."""
    for user in (None, "root"):
        try:
            units(text, user)
        except ParseError as error:
            assert error.diagnostics and "import-differs" not in str(error)
