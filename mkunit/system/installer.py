"""One unit into a running machine: the file whole, then systemd's verbs; where one fails, all is as it was before."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from attrs import frozen

from mkunit.errors import Diagnostic, MkunitError, Origin, Severity, SystemdError
from mkunit.model.unit import Unit
from mkunit.system.files import Changes
from mkunit.system.local import Local


class RolledBackError(MkunitError):
    """Applied, failed, and rolled back."""

    exit_code = 7


class IncompleteError(MkunitError):
    """Applied, failed, and not wholly rolled back."""

    exit_code = 8


@frozen
class Step:
    """One verb of systemctl's on some units; `write` and `load` are the file's own steps."""

    verb: str
    units: tuple[str, ...] = ()
    why: str = ""

    def __str__(self) -> str:
        text = " ".join((self.verb, *self.units))
        return f"{text}: {self.why}" if self.why else text


def steps(machine: Local, unit: Unit, changed: bool, service: str | None, enable: bool, start: bool) -> list[Step]:
    """What is to be done, in order; a pure answer to what the machine says now."""
    found = [Step("write", (str(machine.folder / unit.path),))] if changed else []
    running = machine.is_running()
    if changed and running:
        found.append(Step("daemon-reload"))
    if enable and not unit.parts.is_template:
        found.append(Step("enable", (unit.name,)))
    if not (start and running):
        return found
    if not changed or not machine.is_active(unit.name):
        return [*found, Step("start", (unit.name,))]
    # A socket cannot be restarted under its running service, and the service would keep the old descriptors.
    if service and "@" not in service and machine.is_active(service):
        before = Step("stop", (unit.name, service), "the service holds the old descriptors")
        return [before, *found, Step("start", (unit.name,)), Step("start", (service,), "it was running before")]
    return [*found, Step("restart", (unit.name,), "its addresses changed")]


def install(machine: Local, place: Path, before: str | None, after: str, todo: list[Step]) -> Iterator[str]:
    """Do the steps; each answer is a line for the user. RolledBackError where one failed."""
    undo: list[Callable[[], None]] = []
    try:
        for step in todo:
            _do(machine, place, before, after, step, undo)
            yield f"{'unit file ' if step.verb == 'write' else ''}{_done(step)}"
    except MkunitError as error:
        raise _roll_back(error, undo) from None
    if before == after and not todo:
        yield f"unchanged {place}"


def _done(step: Step) -> str:
    past = {"write": "written", "daemon-reload": "systemd has read it", "enable": "enabled", "start": "started",
            "restart": "restarted", "stop": "stopped"}  # fmt: skip
    return " ".join((past[step.verb], *step.units))


def _do(
    machine: Local, place: Path, before: str | None, after: str, step: Step, undo: list[Callable[[], None]]
) -> None:
    match step.verb:
        case "write":
            _write(place, after)
            undo.append(lambda: _restore(machine, place, before))
        case "daemon-reload":
            machine.do("daemon-reload")
            _loaded(machine, place)
        case "enable":
            if not machine.is_enabled(*step.units):
                undo.append(lambda: machine.do("disable", *step.units))
            machine.do("enable", *step.units)
        case "stop":
            undo.append(lambda: machine.do("start", *step.units))
            machine.do("stop", *step.units)
        case verb:
            undo.append(lambda: _stop(machine, *step.units))
            machine.do(verb, *step.units)


def _write(place: Path, text: str) -> None:
    changes = Changes()
    changes.write(place, text)
    changes.commit()


def _restore(machine: Local, place: Path, before: str | None) -> None:
    if before is None:
        place.unlink(missing_ok=True)
    else:
        _write(place, before)
    if machine.is_running():
        machine.do("daemon-reload")


def _stop(machine: Local, *units: str) -> None:
    with suppress(SystemdError):
        machine.do("stop", *units)
    with suppress(SystemdError):
        machine.do("reset-failed", *units)


def _loaded(machine: Local, place: Path) -> None:
    """What systemd made of the file; it may have refused what looked right."""
    if "@." in place.name:
        return  # a bare template cannot be asked about
    state = machine.properties(place.name, "LoadState", "LoadError", "FragmentPath")
    if state.get("LoadState") != "loaded":
        words = state.get("LoadError") or state.get("LoadState") or "no answer"
        message = f"systemd does not load it: {words}"
        raise SystemdError(
            Diagnostic("not-loaded", message, f"look at `journalctl -u {place.name}`", Origin(str(place)))
        )


def _roll_back(error: MkunitError, undo: list[Callable[[], None]]) -> MkunitError:
    """Take everything back, last first."""
    left: list[Diagnostic] = []
    for step in reversed(undo):
        try:
            step()
        except (MkunitError, OSError) as failure:
            left.append(Diagnostic("rollback-incomplete", f"could not be taken back: {failure}"))
    if left:
        return IncompleteError(*error.diagnostics, *left)
    note = Diagnostic("rolled-back", "everything is as it was before", severity=Severity.INFO)
    return RolledBackError(*error.diagnostics, note)
