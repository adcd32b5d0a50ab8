"""What the commands that change a machine share: flags, the scopes that are meant, and the plan of each."""

import os
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TypeVar

from attrs import evolve, frozen

from mkunit.cli import allowing, leaving, project, rights
from mkunit.cli.folder import folder
from mkunit.cli.ui import Ui
from mkunit.errors import BusyError, Diagnostic, MkunitError, RefusedError, Severity, UsageError
from mkunit.model.plan import Generation, Plan, Receipt
from mkunit.pipeline import Built, deploy
from mkunit.pipeline.deploy import Site
from mkunit.pipeline.project import build, units_files
from mkunit.planner import Leave, Options
from mkunit.runner import Manner
from mkunit.settings import called, find
from mkunit.system.everyone import GLOBAL, Everyone, machine
from mkunit.system.live import Live
from mkunit.system.place import ONE_OFFS, Place, commit

SCOPES = ("system", "user")
_LOOKS = 5
T = TypeVar("T")


@frozen
class Wish:
    """What one scope is to be."""

    site: Site
    wanted: Generation
    options: Options


def plan_arguments(parser: ArgumentParser) -> None:
    """Which units, and what may be overwritten."""
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a value for `param(NAME)`")
    parser.add_argument("--host", metavar="HOST", help="for one host of [tool.mkunit.hosts]")
    scope_arguments(parser)
    parser.add_argument(
        "--adopt", action="append", default=[], metavar="PATH", help="take over a file that is not mkunit's; may repeat"
    )
    parser.add_argument(
        "--overwrite-drift", action="store_true", help="overwrite what others changed in mkunit's files"
    )
    allowing.argument(parser)
    parser.add_argument("--strict", action="store_true", help="restart even where a change is in force without")


def scope_arguments(parser: ArgumentParser, *, looks: bool = False) -> None:
    """Which machine; who only looks chooses among what is there."""
    scopes = parser.add_mutually_exclusive_group()
    for scope in SCOPES:
        what = f"only units of the {scope}'s systemd" if looks else f"units without a scope are the {scope}'s"
        scopes.add_argument(f"--{scope}", action="store_const", const=scope, dest="scope", help=what)
    where = "in /etc/systemd/user"
    what = f"only units for all users, {where}" if looks else f"users' units are for all users, {where}"
    scopes.add_argument("--global", action="store_const", const=GLOBAL, dest="scope", help=what)
    scopes.add_argument("--for-user", metavar="USER", help="as root: only another user's, with that user's rights")
    parser.add_argument("--root", default="", metavar="DIR", help="the files of another system, such as an image")


def run_arguments(parser: ArgumentParser) -> None:
    """How to do it."""
    parser.add_argument("-y", "--yes", action="store_true", help="do not ask")
    parser.add_argument("--wait", type=float, default=0.0, metavar="SECONDS", help="wait for another mkunit to end")
    parser.add_argument("--busy", type=float, default=60.0, metavar="SECONDS", help="wait for units at work (60)")
    parser.add_argument("--settle", type=float, default=5.0, metavar="SECONDS", help="watch services so long (5)")
    parser.add_argument("--no-rollback", action="store_true", help="leave things as they are where it fails")


def root(given: Namespace) -> str:
    """The other system's folder, whole."""
    if not given.root:
        return ""
    place = folder(given) / given.root
    if not place.is_dir():
        raise UsageError(Diagnostic("usage", f"`--root {given.root}` names no folder", "name one that is there"))
    return str(place.resolve())


def lives(given: Namespace) -> list[Live]:
    """The scopes that are meant: where none is named, all that there are; below another root two of them are one."""
    every = (*SCOPES, *([] if given.root else [GLOBAL]))
    return [machine(scope, root(given)) for scope in ([given.scope] if given.scope else every)]


def current_sites(given: Namespace) -> list[Site]:
    """Where the project of this folder has units, or is to have some; the one-offs' where there is no project."""
    settings = find(folder(given))
    project_ = called(settings) if settings.units.is_dir() else ONE_OFFS
    sites = [Site(project_, live) for live in lives(given)]
    if os.geteuid() != 0 and not given.scope:  # another project may go by the same name there
        sites = [site for site in sites if not isinstance(site.live, Everyone)]
    kept = [site for site in sites if site.records.numbers()]
    return kept or sites[:1]


def wishes(given: Namespace, ui: Ui, *, looks: bool = False) -> list[Wish]:
    """What the project of this folder wants of each scope; one that it has left is to be emptied."""
    everyone = _everyone(given, looks=looks)
    settings = project.looked_at(given, ui) if looks else project.settings(given)
    with ui.progress("loading units files") as tick:
        built = build(settings, units_files(settings, []), project.parameters(given), given.host, tick=tick)
    if not leaving.arrived():  # they have been said
        ui.diagnostics(dict.fromkeys(built.warnings))
    pieces = deploy.pieces(built.files, built.graph.units)
    scope_of = {(file.path, file.text): file.scope for file in built.files}
    found = []
    for scope in _scopes(given, built, ui):
        site = Site(called(settings), everyone if everyone and scope == "user" else Live(scope, root(given)))
        own = [piece for piece in pieces if scope_of[piece.path, piece.text] == scope]
        if own or site.records.current().pieces:
            found.append(Wish(site, deploy.generation(site, own, "apply", commit(settings.root)), options(given, site)))
    return found


def _everyone(given: Namespace, *, looks: bool) -> Live | None:
    """The users' scope, where all users are meant: asked before a process that only looks gives up its rights."""
    if given.scope != GLOBAL:
        return None
    found = machine(GLOBAL, root(given))
    rights.for_root("" if given.root else found.scope)
    return found.looked_at() if looks and isinstance(found, Everyone) else found


def _scopes(given: Namespace, built: Built, ui: Ui) -> Sequence[str]:
    """Both, unless it is done for a user, who has only one."""
    if not given.for_user:
        return SCOPES
    if left := [file.path for file in built.files if file.scope == "system"]:
        more = f" and {len(left) - 1} more" if len(left) > 1 else ""
        ui.say(f"left alone for `{given.for_user}`: `{left[0]}`{more} of system scope")
    return ("user",)


def anew(wish: Wish) -> Wish:
    """The same, as the next generation of records that may have changed meanwhile."""
    wanted = wish.wanted
    numbered = deploy.numbered(wish.site, wanted.pieces, wanted.what, wanted.commit)
    return evolve(wish, wanted=evolve(numbered, stamps=wanted.stamps))


def options(given: Namespace, site: Site) -> Options:
    """What the flags allow."""
    adopt = frozenset(path.removeprefix(f"{site.live.folder}/") for path in given.adopt)
    return Options(
        Leave(adopt, given.overwrite_drift),
        strict=given.strict,
        allow=allowing.allowed(given),
        leaves=leaving.possible(),
    )


def manner(given: Namespace, ui: Ui) -> Manner:
    """How the flags say that it is to be done."""
    return Manner(settle=given.settle, rolls_back=not given.no_rollback, tell=lambda step: _tell(ui, str(step)))


def _tell(ui: Ui, step: str) -> None:
    if ui.verbose:
        ui.say(step)


@contextmanager
def locked(sites: Sequence[Site], given: Namespace, ui: Ui, how: Manner) -> Iterator[None]:
    """While this is entered nobody else changes these scopes; what was interrupted is ended first."""
    with ExitStack() as stack:
        for place in _places(sites):
            stack.enter_context(place.locked(given.wait))
        for site in sites:
            recover(site, ui, how)
        yield


def _places(sites: Sequence[Site]) -> list[Place]:
    """Each once, for the projects of a scope share its lock, and everybody's in the same order."""
    return [place for _, place in sorted({site.place.lock: site.place for site in sites}.items())]


def steadily(sites: Sequence[Site], wait: float, look: Callable[[], T]) -> T:
    """What is seen of these scopes while nobody changes them; BusyError where somebody does so all the time."""
    places = _places(sites)
    for _ in range(_LOOKS):
        with ExitStack() as stack:
            for place in places:
                stack.enter_context(place.looked_at(wait))
            before = [place.mark() for place in places]
            found = look()
            if before == [place.mark() for place in places]:
                return found
    raise BusyError(Diagnostic("locked", "others change what is looked at, again and again", "try it later"))


def recover(site: Site, ui: Ui, how: Manner, *, back: bool = False) -> str | None:
    """End what was interrupted, and say so."""
    outcome = deploy.recover(site, how, back=back)
    if outcome:
        words = {"old": "taken back", "new": "carried to its end"}[outcome]
        ui.say(f"an apply of `{site.project}` ({site.live.scope}) had been interrupted: it was {words}")
    return outcome


def interrupted(sites: Sequence[Site], ui: Ui) -> None:
    """Say where an apply is under way, or was interrupted: what is there now is neither the old nor the new."""
    for site in sites:
        if not (found := site.records.journal()):
            continue
        if found[1] != "confirming" and (process := site.place.worker()):
            message = f"an apply of `{site.project}` ({site.live.scope}) is under way, by process {process}"
            hint = "this is how things are in the middle of it: look again when it is done"
            ui.diagnostics([Diagnostic("under-way", message, hint, severity=Severity.WARNING)])
        else:
            waits = found[1] == "confirming"
            what = "waits for `mkunit confirm`" if waits else "was interrupted"
            hint = (
                "`mkunit confirm` keeps it"
                if waits
                else "the next `mkunit apply` ends it, and so does `mkunit recover`"
            )
            message = f"the last apply of `{site.project}` ({site.live.scope}) {what}"
            ui.diagnostics([Diagnostic("interrupted", message, hint, severity=Severity.WARNING)])


def refused(plans: Sequence[Plan]) -> None:
    """RefusedError with all that stands against any of the plans."""
    if found := [one for plan in plans for one in plan.refusals]:
        raise RefusedError(*found)


def carry_out(wishes_: Sequence[tuple[Site, Plan]], how: Manner, ui: Ui) -> list[Receipt]:
    """Apply each scope's plan; where a later one fails, the earlier ones are taken back too."""
    done: list[tuple[Site, Receipt]] = []
    for site, plan in wishes_:
        try:
            done.append((site, deploy.apply(site, plan, how)))
        except MkunitError:
            for other, receipt in reversed(done):
                if receipt.undo.files or receipt.undo.links or receipt.undo.steps:
                    deploy.apply(other, receipt.undo, how)
                    ui.say(f"the {other.live.scope} units are taken back too")
            raise
    for _, receipt in done:
        ui.diagnostics(receipt.warnings)
    return [receipt for _, receipt in done]


def noted(plans: Sequence[Plan], ui: Ui) -> None:
    """What is to be known of plans beside their changes."""
    ui.diagnostics(one for plan in plans for one in plan.notes if one.severity is not Severity.ERROR)
