"""`mkunit apply`: bring the machine to what the units files say, health-checked and with rollback."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path

from attrs import evolve

from mkunit.cli import leaving, planned, rights, site, unconfirmed
from mkunit.cli.folder import folder
from mkunit.cli.site import Wish
from mkunit.cli.ui import Ui
from mkunit.errors import Diagnostic, Origin, UsageError
from mkunit.model.plan import Plan, Step
from mkunit.pipeline import deploy, planfile
from mkunit.pipeline.deploy import Site
from mkunit.reporter import plans as text
from mkunit.runner import Manner
from mkunit.system.everyone import machine

USAGE = "mkunit apply [PLAN] [options]"


def arguments(parser: ArgumentParser, name: str) -> None:
    parser.description = "Show the plan, ask, and do it; what fails is taken back."
    parser.epilog = "examples:\n  mkunit apply\n  mkunit apply --yes next.plan\n  mkunit apply --root /mnt/image --yes"
    parser.add_argument("plan", nargs="?", metavar="PLAN", help="a plan that `mkunit plan --out` has kept")
    site.plan_arguments(parser)
    site.run_arguments(parser)
    parser.add_argument(
        "--confirm",
        type=float,
        default=0.0,
        metavar="SECONDS",
        help="take it back unless `mkunit confirm` comes in time",
    )


def run(given: Namespace, ui: Ui) -> int:
    wishes, stored = (_stored(given), True) if given.plan else (site.wishes(given, ui), False)
    how = evolve(site.manner(given, ui), confirms=given.confirm > 0)
    with site.locked([wish.site for wish in wishes], given, ui, how):
        if not stored:  # what was interrupted may have changed what there is to do
            wishes = [site.anew(wish) for wish in wishes]
        found = _plans(given, wishes)
        code = execute([(wish.site, plan) for wish, plan in zip(wishes, found, strict=True)], given, ui)
    return leaving.go(found, ui) if code is None else code


def _plans(given: Namespace, wishes: Sequence[Wish]) -> list[Plan]:
    """The plans, once no unit is in the middle of something; a stored one must still be the same."""
    found = [deploy.settled(wish.site, wish.wanted, wish.options, given.busy) for wish in wishes]
    if given.plan:
        for part, plan in zip(_parts(given), found, strict=True):
            planfile.fresh(part, plan)
    return found


def _parts(given: Namespace) -> Sequence[planfile.Stored]:
    place = folder(given) / given.plan
    try:
        return planfile.load(place.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        hint = "name a file that `mkunit plan --out FILE` has written"
        raise UsageError(Diagnostic("usage", f"cannot be read: {error}", hint, Origin(str(place)))) from None


def _stored(given: Namespace) -> list[Wish]:
    """What a plan file wants; nothing is loaded or built."""
    found = []
    for part in _parts(given):
        at = Site(part.project, machine(part.scope, part.root))
        rights.for_root(part.scope if not part.root else "")
        wanted = deploy.numbered(at, part.pieces, f"apply {Path(given.plan).name}", part.commit)
        found.append(Wish(at, wanted, evolve(part.options, leaves=leaving.possible())))
    return found


def execute(found: Sequence[tuple[Site, Plan]], given: Namespace, ui: Ui) -> int | None:
    """Show, ask, do, and say what came of it; None where the user has agreed, and it is to go on elsewhere."""
    plans = [plan for _, plan in found]
    site.refused(plans)
    todo = [(at, plan) for at, plan in found if not plan.is_empty]
    if not leaving.agreed(plans):
        _shown(plans, todo, given, ui)
        if leaving.must(plans):
            return None
    if not todo:
        _document(plans, ui)
        return 0
    how = evolve(site.manner(given, ui), confirms=bool(getattr(given, "confirm", 0)))
    if how.confirms:
        unconfirmed.arm([at for at, _ in todo], given.confirm)
    _carry_out(todo, how, ui)
    for at, plan in todo:
        ui.say(f"done. {text.counts(plan)}")
        if any(link.after is not None for link in plan.links) and not at.live.root:
            rights.mention_linger(at.live.scope, ui)
    if how.confirms:
        ui.say(f"to be confirmed within {given.confirm:g} s: `mkunit confirm`; after that it is taken back")
    _document(plans, ui)
    return 0


def _shown(plans: Sequence[Plan], todo: Sequence[tuple[Site, Plan]], given: Namespace, ui: Ui) -> None:
    """Show the plans; return only where the user agrees."""
    planned.show(plans, ui, to_stdout=False)
    site.noted(plans, ui)
    for at, plan in todo:
        deploy.rehearsed(at, plan)
    for at, _ in todo:
        if not at.live.root:
            rights.own_systemd(at.live.scope, ui)
    if any(plan.files or plan.links or plan.steps for plan in plans):
        agreed(given, ui, "Apply this?")


def _carry_out(todo: Sequence[tuple[Site, Plan]], how: Manner, ui: Ui) -> None:
    """Do it; a terminal shows the steps as they come."""
    if not ui.rich or ui.quiet or ui.json:
        site.carry_out(todo, how, ui)
        return
    from mkunit.reporter.doing import Doing  # rich is slow to import, and only a terminal needs it

    def jobs() -> list[str]:
        return [name for at, _ in todo for name, state in at.live.units().items() if state.job]

    plans = [plan for _, plan in todo]
    with Doing(jobs, ui.color) as doing:

        def tell(step: Step) -> None:
            if step.verb == "take-back":
                doing.turn_back()
            else:
                doing.tell(text.step_text(step, plans[0]))

        site.carry_out(todo, evolve(how, tell=tell), ui)


def _document(plans: Sequence[Plan], ui: Ui) -> None:
    if ui.json:
        ui.document(planned.document(plans))


def agreed(given: Namespace, ui: Ui, question: str) -> None:
    """Return only where the user says yes, or has said so."""
    if given.yes:
        return
    if not ui.interactive:
        hint = "look at `mkunit plan`, then give `--yes`"
        raise UsageError(Diagnostic("needs-yes", "nobody is there to say yes", hint))
    if not ui.confirm(question):
        raise KeyboardInterrupt
