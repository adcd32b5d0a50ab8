"""A unit while a builder makes it: keywords become lines, and all that is wrong with them is gathered."""

from collections.abc import Mapping

from mkunit import catalog
from mkunit.catalog.spec import Directive, Outcome
from mkunit.dsl import collect
from mkunit.dsl.spell import Problem, UnspellableError, check, spell
from mkunit.errors import Diagnostic, DirectiveError, Severity, near
from mkunit.model.unit import SCOPES, Entry, Unit

# The keywords that are no directives; the kinds of those that not all kinds have.
EVERYWHERE = ("scope", "masked", "extra", "on_change", "on_remove", "restart_on", "reload_on", "ensure")
SUGAR = {
    "hardening": ("service",),
    "probe": ("service",),
    "rolling": ("service",),
    "listen": ("socket",),
    "activates": ("socket", "timer", "path", "automount"),
    "file": (),
}


class Draft:
    """The lines of a unit so far."""

    def __init__(self, kind: str, name: str, options: Mapping[str, object], is_dropin: bool = False) -> None:
        load = collect.current()
        self.kind = kind
        self.name = name
        self.options = options
        self.is_dropin = is_dropin
        self.systemd = load.systemd if load else collect.NEWEST
        self.origin = collect.origin()
        self.entries: list[Entry] = []
        self.found: list[Diagnostic] = []
        self.policy: list[tuple[str, object]] = []
        self.unset: set[str] = set()  # lists that the user emptied, in a whole unit, to keep a default out
        self.scope = load.scope if load else "system"
        if (scope := options.get("scope")) is not None:
            self.scope = str(scope)
            if scope not in SCOPES:
                self.complain("scope", Problem("bad-value", f"is {scope!r}", 'write "system" or "user"'))

    def complain(self, keyword: str, problem: Problem, directive: str | None = None) -> None:
        """Note what is wrong with a keyword; nothing is raised before the unit is whole."""
        between = ": " if problem.is_sentence else " "
        load = collect.current()
        written = load.spelled.get(keyword, keyword) if load and load.spelled else keyword
        message = f"`{written}`{between}{problem.message}"
        self.found.append(
            Diagnostic(problem.code, message, problem.hint, self.origin, problem.severity, self.name, directive)
        )

    def set(self, keyword: str, value: object) -> None:
        """The lines of a keyword that is a directive."""
        place = catalog.keywords(self.kind).get(keyword)
        row = catalog.lookup(*place) if place else None
        if place is None or row is None:
            self.complain(keyword, self._unknown(keyword))
        else:
            self.add(keyword, place[0], row, value)

    def add(self, keyword: str, section: str, row: Directive, value: object) -> None:
        """The lines of a directive, each checked as systemd would read it."""
        try:
            lines = spell(row, value)
        except UnspellableError as error:
            self.complain(keyword, error.problem, row.name)
            return
        if (
            lines == [""]
            and not isinstance(value, str)
            and not self.is_dropin
            and (section == "Install" or _inert(row) or row.name == "Description")
        ):
            # There is nothing to take back in a whole unit; the default is what the empty list keeps out.
            self.unset.add(row.name)
            return
        items = value if isinstance(value, list | tuple) else [value]
        for place, line in enumerate(lines):
            exact = row.value == "exec" and len(items) == len(lines) and getattr(items[place], "is_exact", False)
            self.line(keyword, section, row, line, exact=exact)

    def line(self, keyword: str, section: str, row: Directive, text: str, *, exact: bool = False) -> None:
        """One line; `exact` where it is data, of which systemd loses nothing whatever it looks like."""
        for problem in check(row, text, self.systemd, self.scope):
            if not exact or problem.outcome is not Outcome.LOST:
                self.complain(keyword, problem, row.name)
            elif "$" not in problem.message:  # a `>` may be a slip of the pen all the same; `$` is quoted for certain
                self.complain(keyword, problem._replace(severity=Severity.WARNING), row.name)
        self.entries.append(Entry(section, row.name, text, self.origin))

    def has(self, *names: str) -> bool:
        return any(e.name in names for e in self.entries)

    def finish(self) -> tuple[Entry, ...]:
        """The lines, or everything that is wrong with them at once."""
        load = collect.current()
        if any(d.severity is Severity.ERROR for d in self.found):
            raise DirectiveError(*self.found)
        if load:
            load.warnings.extend(self.found)
        return tuple(self.entries)

    def _unknown(self, keyword: str) -> Problem:
        known = catalog.keywords(self.kind)
        article = f"a drop-in for a {self.kind}" if self.is_dropin else with_article(self.kind)
        if keyword in SUGAR:
            homes = " or ".join(map(with_article, SUGAR[keyword])) or "a DropIn"
            message = f"is for {homes}, not for {article}"
            return Problem("misplaced-keyword", message, f"leave it out, or give it to {homes}")
        by_name = {name: word for word, (_, name) in known.items()}
        if keyword in by_name:
            return Problem("unknown-directive", "is spelled as in a unit file", f"write `{by_name[keyword]}`")
        for kind in catalog.kinds():
            for word, (section, name) in catalog.keywords(kind).items():
                if kind != self.kind and keyword in (word, name):
                    message = f"is a directive of {with_article(kind)} ([{section}]), not of {article}"
                    hint = f"set `{word}` on the {kind} that belongs to this unit"
                    return Problem("misplaced-directive", message, hint)
        meant = near(keyword, [*known, *EVERYWHERE, *(word for word, homes in SUGAR.items() if self.kind in homes)])
        hint = (
            f"did you mean `{meant}`?"
            if meant
            else "for what mkunit does not know, use `extra=[(section, name, value)]`"
        )
        return Problem("unknown-directive", f"is not a directive of {article}", hint)


def _inert(row: Directive) -> bool:
    return "noreset" in row.flags


def with_article(kind: str) -> str:
    """`a socket`, `an automount`."""
    return f"an {kind}" if kind[0] == "a" else f"a {kind}"


def as_unit(draft: Draft, *, asks_install: bool = False, dropin: str | None = None, is_masked: bool = False) -> Unit:
    """The finished unit; while a load is under way, the load has it too."""
    load = collect.current()
    scope = draft.scope if draft.options.get("scope") else None
    unit = Unit(
        draft.name, draft.finish(), draft.origin, collect.source(), scope, dropin, asks_install,
        tuple(draft.policy), is_masked,
    )  # fmt: skip
    if load:
        load.units.append(unit)
    return unit
