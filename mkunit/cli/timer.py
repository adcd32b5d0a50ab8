"""`mkunit timer`: one timer unit from flags, and with `--exec` the service that it starts."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence

from mkunit.cli import curated, oneoff, program, prompt
from mkunit.cli.curated import Flag
from mkunit.cli.ui import Ui
from mkunit.dsl import Timer
from mkunit.model.graph import triggered
from mkunit.model.unit import Unit

USAGE = "mkunit timer NAME --on-… WHEN [options]"
TRIGGERS = (
    Flag("--on-calendar", "on_calendar", "EXPR", "at these times: daily, `Mon..Fri 04:00`, `*-*-01 03:30`; may repeat"),
    Flag("--on-boot", "on_boot_sec", "SPAN", "so long after the boot"),
    Flag("--on-startup", "on_startup_sec", "SPAN", "so long after systemd itself was started, at login for a user's"),
    Flag("--on-active", "on_active_sec", "SPAN", "so long after the timer was started"),
    Flag("--on-unit-active", "on_unit_active_sec", "SPAN", "so long after the unit was last started: again and again"),
    Flag("--on-unit-inactive", "on_unit_inactive_sec", "SPAN", "so long after the unit last ended"),
)
FLAGS = (
    *TRIGGERS,
    Flag("--persistent", "persistent", "", "catch up on a time that was missed, with --on-calendar"),
    Flag("--randomized-delay", "randomized_delay_sec", "SPAN", "up to so much later, by chance"),
    Flag("--accuracy", "accuracy_sec", "SPAN", "how exact it must be (default: 1min)"),
    curated.UNIT,
)
_SPELLED = curated.spelled(FLAGS) | {"exec_start": "--exec"}
_EPILOG = """examples:
  mkunit timer backup --on-calendar daily --persistent --exec ./backup.sh --install --enable --start
  mkunit timer cleanup --on-boot 15min --on-unit-active 1h --dry-run
  mkunit timer report --on-calendar "Mon..Fri 07:30" --unit report@weekly.service"""


def arguments(parser: ArgumentParser, name: str) -> None:
    parser.description = "One timer unit. With --exec the service that it starts is written too, as a oneshot."
    parser.epilog = _EPILOG
    parser.add_argument("name", nargs="?", metavar="NAME", help="the unit's name, without .timer")
    curated.arguments(parser, "timer", FLAGS)
    program.arguments(parser, "write the service too: it runs this, and ends")
    oneoff.arguments(parser, "timer")


def run(given: Namespace, ui: Ui) -> int:
    prompt.name(given, ui, "timer", lambda text: Timer(text, on_calendar="daily"), "NAME --on-calendar daily")
    if not any(curated.value(given, flag.keyword) for flag in TRIGGERS) and not _set(given, "On"):
        if not ui.interactive:
            hint = "give it `--on-calendar daily`, `--on-boot 15min`, or another `--on-…`"
            raise oneoff.usage("no-trigger", f"`{given.name}` never elapses", hint)
        answer = prompt.asked(ui, "When (daily, Mon 04:00, …)", lambda text: Timer("x", on_calendar=text), "daily")
        given.flag_on_calendar = [answer]
    if given.flag_persistent and not (curated.value(given, "on_calendar") or _set(given, "OnCalendar")):
        hint = "add `--on-calendar`, or leave it out"
        raise oneoff.usage("persistent-needs-calendar", "`--persistent` has no effect without `--on-calendar`", hint)
    program.refuse_other(given, "timer")
    code = oneoff.run(given, ui, "timer", lambda: _build(given, ui), _SPELLED)
    if ui.rich or not given.dry_run:  # to ask takes time, and nobody reads a pipe's standard error
        _next_runs(given, ui)
    return code


def _set(given: Namespace, start: str) -> bool:
    return any(text.startswith(start) for text in given.set)


def _build(given: Namespace, ui: Ui) -> Sequence[Unit]:
    found = curated.options(given, ui, "timer", FLAGS, {}, _SPELLED)
    timer = Timer(given.name, **found)  # type: ignore[arg-type]  # checked when it is built
    started = triggered(timer)
    return [timer, *program.service(given, ui, started[0] if started else given.name, type="oneshot")]


def _next_runs(given: Namespace, ui: Ui) -> None:
    """When it elapses, as systemd itself reckons."""
    from mkunit.system.elapses import elapses  # a subprocess, whose module is slow to import

    found = curated.value(given, "on_calendar")
    if not ui.quiet and (runs := elapses(found if isinstance(found, list) else [])):
        ui.say("next runs:\n" + "\n".join(f"  {run}" for run in runs))
