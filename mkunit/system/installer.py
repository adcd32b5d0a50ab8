"""Units into a running machine: the files whole, then systemd's verbs; where one fails, all is as it was before."""

import signal
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from attrs import frozen

from mkunit.errors import Diagnostic, IncompleteError, MkunitError, Origin, RolledBackError, Severity, SystemdError
from mkunit.model.graph import triggered
from mkunit.model.unit import Unit
from mkunit.system.files import Changes
from mkunit.system.local import Local


@frozen
class Step:
    """One verb of systemctl's on some units; `write` and `load` are the file's own steps."""

    verb: str
    units: tuple[str, ...] = ()
    why: str = ""

    def __str__(self) -> str:
        text = " ".join((self.verb, *self.units))
        return f"{text}: {self.why}" if self.why else text


@frozen
class Placed:
    """A unit, where its file goes, and the file's text now and afterwards."""

    unit: Unit
    place: Path
    before: str | None
    after: str

    @property
    def changed(self) -> bool:
        return self.before != self.after


def steps(machine: Local, placed: Sequence[Placed], enable: bool, start: bool) -> list[Step]:
    """What is to be done, in order; a pure answer to what the machine says now.

    The first unit is the one to enable and to start; the others are what it starts.
    """
    unit, changed = placed[0].unit, any(one.changed for one in placed)
    found = [Step("write", (str(one.place),)) for one in placed if one.changed]
    running = machine.is_running()
    if changed and running:
        found.append(Step("daemon-reload"))
    if enable and not unit.parts.is_template:
        found.append(Step("enable", (unit.name,)))
    if not (start and running):
        return found
    if not changed or unit.kind in ("slice", "target") or not machine.is_active(unit.name):
        return [*found, Step("start", (unit.name,))]
    started = triggered(unit)
    service = started[0] if started and unit.kind == "socket" else None
    # A socket cannot be restarted under its running service, and the service would keep the old descriptors.
    if service and "@" not in service and machine.is_active(service):
        before = Step("stop", (unit.name, service), "the service holds the old descriptors")
        return [before, *found, Step("start", (unit.name,)), Step("start", (service,), "it was running before")]
    why = "its addresses changed" if unit.kind == "socket" else "its file changed"
    return [*found, Step("restart", (unit.name,), why)] if placed[0].changed else found


def install(machine: Local, placed: Sequence[Placed], todo: Sequence[Step], say: Callable[[str], None]) -> None:
    """Do the steps, and say each; RolledBackError where one failed. Ctrl-C takes everything back, too."""
    undo: list[Callable[[], None]] = []
    files = {str(one.place): one for one in placed}
    try:
        for step in todo:
            _do(machine, files, step, undo)
            say(f"{'unit file ' if step.verb == 'write' else ''}{_done(step)}")
    except MkunitError as error:
        raise _roll_back(error, undo) from None
    except KeyboardInterrupt:
        failure = _roll_back(MkunitError(), undo)
        if isinstance(failure, IncompleteError):
            raise failure from None
        raise
    for one in placed:
        if not todo:
            say(f"unchanged {one.place}")


def _done(step: Step) -> str:
    past = {"write": "written", "daemon-reload": "systemd has read it", "enable": "enabled", "start": "started",
            "restart": "restarted", "stop": "stopped"}  # fmt: skip
    return " ".join((past[step.verb], *step.units))


def _do(machine: Local, files: Mapping[str, Placed], step: Step, undo: list[Callable[[], None]]) -> None:
    match step.verb:
        case "write":
            one = files[step.units[0]]
            undo.append(lambda: _restore(machine, one.place, one.before))
            _write(one.place, one.after)
        case "daemon-reload":
            machine.do("daemon-reload")
            for one in files.values():
                _loaded(machine, one.unit.name, one.place)
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


def _loaded(machine: Local, name: str, place: Path) -> None:
    """What systemd made of the file; it may have refused what looked right."""
    if "@." in name:
        return  # a bare template cannot be asked about
    state = machine.properties(name, "LoadState", "LoadError", "FragmentPath")
    if state.get("LoadState") != "loaded":
        words = state.get("LoadError") or state.get("LoadState") or "no answer"
        message = f"systemd does not load it: {words}"
        raise SystemdError(Diagnostic("not-loaded", message, f"look at `journalctl -u {name}`", Origin(str(place))))


def _roll_back(error: MkunitError, undo: list[Callable[[], None]]) -> MkunitError:
    """Take everything back, last first, whatever is pressed meanwhile."""
    left: list[Diagnostic] = []
    held = signal.signal(signal.SIGINT, signal.SIG_IGN)
    for step in reversed(undo):
        try:
            step()
        except (MkunitError, OSError) as failure:
            left.append(Diagnostic("rollback-incomplete", f"could not be taken back: {failure}"))
    signal.signal(signal.SIGINT, held)
    if left:
        return IncompleteError(*error.diagnostics, *left)
    note = Diagnostic("rolled-back", "everything is as it was before", severity=Severity.INFO)
    return RolledBackError(*error.diagnostics, note)
