"""A crontab to timers and their services: what cron does, and a refusal for what systemd has no equivalent of."""

import base64
import re
from typing import NamedTuple

from attrs import Factory, define

from mkunit.dsl.build import build
from mkunit.dsl.words import literal
from mkunit.errors import Diagnostic, DirectiveError, Origin, Severity
from mkunit.importer import jobs
from mkunit.importer.schedule import REBOOT, calendar
from mkunit.importer.sheet import Sheet, python
from mkunit.model.unit import Unit

_VARIABLE = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)")
_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+/-]*")
_PLAIN = re.compile(r"[^\x00-\x1f\x7f\\]*[^\x00-\x20\x7f\\]")


class Crontab(NamedTuple):
    """A crontab's text, where it is, and whose jobs they are: a user's, or with None that of a column in each line."""

    text: str
    path: str
    user: str | None
    scope: str = "system"


@define
class _Reader:
    """The lines so far."""

    crontab: Crontab
    variables: dict[str, str] = Factory(dict)
    comments: list[str] = Factory(list)
    units: list[Unit] = Factory(list)
    places: list[Origin] = Factory(list)
    remarks: list[tuple[str, ...]] = Factory(list)
    notes: list[Diagnostic] = Factory(list)
    names: set[str] = Factory(set)

    def line(self, text: str, place: Origin) -> None:
        if not text or text[0] == "#":
            self.comments += [python(text)] if text else []
        elif found := _VARIABLE.fullmatch(text):
            self._variable(found[1], _unquoted(found[2]), place)
        else:
            self._job(text, place)

    def _variable(self, name: str, value: str, place: Origin) -> None:
        self.variables[name] = value
        if name == "MAILTO" and value:
            message = f"nobody is mailed: what the jobs print is in the journal, and not sent to {value}"
            hint = "give the services `on_failure=`, to be told of what fails"
            self.notes.append(Diagnostic("no-mail", message, hint, place, Severity.WARNING))

    def _job(self, text: str, place: Origin) -> None:
        fields = 1 if text[0] == "@" else 5
        words = text.split(None, fields + (self.crontab.user is None))
        if len(words) <= fields + (self.crontab.user is None):
            raise jobs.refused("bad-crontab", "the line has no command", place, "write five times, and a command")
        user = self.crontab.user if self.crontab.user is not None else words[fields]
        command, stdin = _divided(words[-1])
        try:
            times = [REBOOT] if words[0].lower() == REBOOT else calendar(" ".join(words[:fields]))
            self._add(times, user, command, stdin, place)
        except ValueError as error:
            hint = "write the timer by hand: see systemd.time(7)"
            raise jobs.refused("no-equivalent", str(error), place, hint) from None
        except DirectiveError as error:
            raise jobs.at(error, place) from None

    def _add(self, times: list[str], user: str, command: str, stdin: list[str], place: Origin) -> None:
        name = jobs.name(command, self.names)
        self.names.add(name)
        options = self._options(user, stdin)
        is_boot = times == [REBOOT]
        run = jobs.run(command, self.variables.get("SHELL", "/bin/sh"))
        own = {"scope": self.crontab.scope}
        made = [build("service", name, {**own, "type": "oneshot", "exec_start": run, **options})]
        if not is_boot:
            times = [f"{_long(time)} {self._zone}" for time in times] if self._zone else times
            made.append(build("timer", name, {**own, "on_calendar": times, "accuracy_sec": 1, **self._delay}))
        self.units += made
        self.places += [place] * len(made)
        self.remarks += [tuple(self.comments), *[()] * (len(made) - 1)]
        self.comments.clear()

    @property
    def _zone(self) -> str:
        zone = self.variables.get("CRON_TZ", "")
        if zone and not _ZONE.fullmatch(zone):
            raise ValueError(f"`{zone}` is no time zone that systemd knows by name")
        return zone

    @property
    def _delay(self) -> dict[str, object]:
        minutes = self.variables.get("RANDOM_DELAY", "0")
        return {"randomized_delay_sec": f"{minutes}min"} if minutes != "0" else {}

    def _options(self, user: str, stdin: list[str]) -> dict[str, object]:
        options: dict[str, object] = {}
        if self.crontab.scope == "system":
            options |= {"user": user, "working_directory": "~"}  # cron starts jobs at home
        own = ("MAILTO", "SHELL", "CRON_TZ", "RANDOM_DELAY", "LOGNAME", "USER")
        if environment := {key: value for key, value in self.variables.items() if key not in own}:
            options["environment"] = environment
        if stdin:
            options |= {"standard_input": "data", **_input(stdin)}
        return options


def read(crontab: Crontab) -> tuple[list[Sheet], list[Diagnostic]]:
    """The sheets of a crontab's jobs, and what is to be said of it; ParseError names a line without equivalent."""
    reader = _Reader(crontab)
    for number, text in enumerate(crontab.text.split("\n"), 1):
        reader.line(text.strip(" \t\r"), Origin(crontab.path, number))
    if reader.units and reader.comments:
        reader.remarks[-1] += tuple(reader.comments)
    return jobs.sheets(reader.units, reader.places, reader.remarks), reader.notes


def _unquoted(text: str) -> str:
    is_quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'"
    return text[1:-1] if is_quoted else text


def _divided(text: str) -> tuple[str, list[str]]:
    r"""The command, and the lines that stand behind its first `%`; `\%` is the character itself.

    >>> _divided(r"date +\%F; mail%one%two")
    ('date +%F; mail', ['one', 'two'])
    """
    parts = [part.replace("\\%", "%") for part in re.split(r"(?<!\\)%", text)]
    return parts[0].strip(), parts[1:]


def _input(lines: list[str]) -> dict[str, object]:
    """What the command reads."""
    if all(_PLAIN.fullmatch(line) and line == line.strip() for line in lines):
        return {"standard_input_text": [literal(line) for line in lines]}
    text = "".join(f"{line}\n" for line in lines)
    return {"standard_input_data": base64.b64encode(text.encode("utf-8", "surrogateescape")).decode()}


def _long(time: str) -> str:
    """systemd reads a time zone behind an expression, but not behind `daily` and its like in all versions."""
    short = {"hourly": "*-*-* *:00:00", "daily": "*-*-* 00:00:00", "monthly": "*-*-01 00:00:00"}
    return short.get(time, "*-01-01 00:00:00" if time == "yearly" else time)
