"""`mkunit plan`: what an apply would change, what it would do to each unit and why."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence

from mkunit.cli import planned, site
from mkunit.cli.folder import folder
from mkunit.cli.site import Wish
from mkunit.cli.ui import Ui
from mkunit.errors import OutOfDateError
from mkunit.model.plan import Plan
from mkunit.pipeline import deploy, planfile
from mkunit.system import lock
from mkunit.system.files import Changes

USAGE = "mkunit plan [options]"


def arguments(parser: ArgumentParser, name: str) -> None:
    parser.description = "What `mkunit apply` would do: each file's diff, and what becomes of each unit and why."
    parser.epilog = "\n  ".join(
        (
            "examples:",
            "mkunit plan",
            "mkunit plan --out next.plan && mkunit apply next.plan",
            "mkunit plan --format markdown",
        )
    )
    site.plan_arguments(parser)
    parser.add_argument("--out", metavar="FILE", help="keep the plan, for `mkunit apply FILE`")
    parser.add_argument(
        "--format", choices=("text", "markdown"), default="text", help="Markdown is for comments on a change"
    )
    parser.add_argument(
        "--wait", type=float, default=lock.PATIENCE, metavar="SECONDS", help="wait for an apply to end (5)"
    )
    parser.add_argument("--exit-code", action="store_true", help="exit with 6 if there are changes")


def run(given: Namespace, ui: Ui) -> int:
    wishes = site.wishes(given, ui, looks=True)
    plans = site.steadily([wish.site for wish in wishes], given.wait, lambda: _plans(wishes))
    if ui.json:  # the one document is what is in the way
        site.refused(plans)
    if given.format == "markdown" and not ui.json:
        from mkunit.reporter import markdown  # for comments on a change only

        ui.data(markdown.text(plans))
    else:
        planned.show(plans, ui, to_stdout=True)
    site.noted(plans, ui)
    site.interrupted([wish.site for wish in wishes], ui)
    site.refused(plans)
    if given.out:
        parts = [
            (wish.site.project, wish.site.live.root, plan, wish.options)
            for wish, plan in zip(wishes, plans, strict=True)
        ]
        change = Changes()
        change.write(folder(given) / given.out, planfile.dump(parts))
        change.commit()
        ui.say(f"written {given.out}: `mkunit apply {given.out}` does exactly this, or nothing")
    waiting = any(not plan.is_empty for plan in plans)
    return OutOfDateError.exit_code if given.exit_code and waiting else 0


def _plans(wishes: Sequence[Wish]) -> list[Plan]:
    """From records that may have changed while the units files were loaded."""
    return [deploy.plan(wish.site, wish.wanted, wish.options) for wish in map(site.anew, wishes)]
