"""The steps of a plan, one after the other; each can be done again after an interruption, without doing it twice."""

from collections.abc import Collection, Iterable

from attrs import define, evolve

from mkunit.errors import Diagnostic, MkunitError, SystemdError
from mkunit.model.name import is_many
from mkunit.model.plan import IDLE, PHASES, Journal, Plan, State, Step
from mkunit.model.port import Store, System
from mkunit.runner import force, health
from mkunit.runner.explain import failure
from mkunit.runner.insist import call, forgive
from mkunit.runner.manner import Manner
from mkunit.runner.touched import touched


@define
class Follower:
    """One way through a plan, from the phase that an earlier one has reached."""

    journal: Journal
    system: System
    store: Store
    manner: Manner
    reached: str = "prepared"
    resumes: bool = False  # an earlier process may have started some of the units
    has_forgiven: bool = False

    @property
    def plan(self) -> Plan:
        return self.journal.plan

    def follow(self) -> list[Diagnostic]:
        """All steps, then the health of what was touched; the answers are warnings."""
        since = self.system.now()
        for step in self.plan.steps:
            self.manner.tell(step)
            match step.verb:
                case "stop":
                    self._stop(step)
                case "write":
                    self._enter("writing")
                    self.system.replace(self.plan.files, self.plan.links)
                case "daemon-reload":
                    self.system.do("daemon-reload")
                    self._enter("acting")
                    self._understood(since)
                case "settle":
                    health.check(self.plan, step.units, self.system, self.manner)
                case _:
                    self._enter("acting")
                    self._act(step)
        self._enter("acting")
        touched = self.plan.units("start", "restart", "reload")
        return health.check(self.plan, touched, self.system, self.manner)

    def _enter(self, phase: str) -> None:
        if PHASES.index(phase) > PHASES.index(self.reached):
            self.reached = phase
            if phase == "acting":
                self.journal = evolve(self.journal, acted=self.system.monotonic())
            self.store.phase(self.journal, phase)

    def _stop(self, step: Step) -> None:
        if PHASES.index(self.reached) >= PHASES.index("writing"):
            return  # done before the interruption; what runs now was started afterwards
        self._enter("stopping")
        states = self.system.units(step.units)
        if units := [name for name in step.units if states.get(name, IDLE).active not in ("inactive", "failed")]:
            call(self.system, "stop", units, singly=self.journal.undoes)

    def _act(self, step: Step) -> None:
        todo = list(step.units)
        if self.resumes or self.journal.undoes or step.verb in ("reset-failed", "reload"):
            states = self.system.units(step.units)
            done = touched(self.journal, step.units, states, self.system) if self.resumes else ()
            todo = [name for name in step.units if self._is_left(step.verb, name, states.get(name, IDLE), done)]
        if not todo:
            return
        if step.verb in ("start", "restart"):
            self._forgive()
        try:
            call(self.system, step.verb, todo, singly=self.journal.undoes)
        except SystemdError as error:
            raise SystemdError(*self._blame(todo), *error.diagnostics) from None

    def _forgive(self) -> None:
        """Once, all services that may have been started lately; sockets are too many to ask for beforehand."""
        if not self.has_forgiven:
            names = [name for name in self.plan.units("start", "restart") if name.endswith(".service")]
            forgive(self.system, [n for n in names if self.journal.undoes or self.plan.before.get(n, IDLE).load])
            self.has_forgiven = True

    def _is_left(self, verb: str, name: str, state: State, done: Collection[str]) -> bool:
        """Whether a unit has not been dealt with yet."""
        if verb == "reset-failed":
            return state.active == "failed" and name not in done
        if verb == "reload":
            return state.is_up
        if self.journal.undoes and state.active == "failed":
            return True  # somebody may have mended what it failed for
        return name not in done

    def _blame(self, names: Iterable[str]) -> list[Diagnostic]:
        """The units that a call of systemctl failed for."""
        states = self.system.units(names)
        bad = [
            n for n in names if (s := states.get(n, IDLE)).active in ("failed", "inactive") or s.sub == "auto-restart"
        ]
        return [failure(self.system, name) for name in bad[:5]]

    def _understood(self, since: float) -> None:
        """Whether systemd took every line of ours; what it ignores now would be a surprise later."""
        if self.journal.undoes:
            return  # what is taken back was in force before, whatever systemd thinks of it
        kept = [op.path for op in self.plan.files if op.is_text]
        names = [path.partition(".d/")[0] for path in kept]
        asked = [name for name in dict.fromkeys(names) if "@." not in name and not is_many(name)]
        states = self.system.units(asked)
        wrong = [failure(self.system, n) for n, s in states.items() if s.load not in ("loaded", "stub", "merged", "")]
        by_cost = sorted(asked, key=lambda name: name not in states)
        rows = force.seen(self.plan, by_cost, self.system)
        wrong = wrong or force.unloaded(rows, self.system) or self.system.complaints(since, kept)
        if wrong := wrong or force.contradictions(self.plan, rows, self.system):
            raise SystemdError(*wrong)


def settled(system: System, names: Iterable[str], patience: float) -> None:
    """Wait until no job is left for these units: systemd's jobs outlive the process that asked for them."""
    deadline = system.monotonic() + patience
    names = tuple(names)
    while any(state.job for state in system.units(names).values()):
        if system.monotonic() > deadline:
            raise SystemdError(Diagnostic("systemd-timeout", "a job does not end", "look at `systemctl list-jobs`"))
        system.sleep(0.1)


def blamed(error: MkunitError | OSError | KeyboardInterrupt) -> tuple[Diagnostic, ...]:
    """What went wrong, as findings."""
    if isinstance(error, MkunitError):
        return error.diagnostics
    if isinstance(error, OSError):
        return (Diagnostic("cannot-write", f"{error.filename or 'a file'}: {error.strerror}"),)
    return (Diagnostic("interrupted", "interrupted"),)
