"""Rules on [Install], and on what units of the system and of a user cannot do."""

import re
from collections.abc import Iterator

from mkunit.checker import view
from mkunit.checker.table import SANDBOX
from mkunit.checker.wording import found, is_python, say
from mkunit.errors import Diagnostic, Severity
from mkunit.model.graph import Graph
from mkunit.model.name import parse
from mkunit.model.target import Target

_BOOT = frozenset({"multi-user.target", "graphical.target", "rescue.target", "network-online.target", "basic.target"})
_WANTS = ("WantedBy", "RequiredBy", "UpheldBy")
_ACCOUNT = ("User", "Group", "SupplementaryGroups")
_ROOTS = re.compile(r"(?:^|[^%])(?:%%)*(%[huUgGs])")
_OWN_USER = 257  # since when a user's systemd takes the name of its own user
_IMPLIES_USERS = 254  # since when a user's systemd makes the namespace for them by itself


def user_target(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """The targets of the system's boot do not exist for a user."""
    for seen in view.of(graph).having(*_WANTS):
        for entry in seen.all(*_WANTS) if seen.scope == "user" else ():
            if word := next((word for word in entry.value.split() if word in _BOOT - {"basic.target"}), None):
                message = f"`{word}` does not exist in a user's systemd: `{seen.name}` is never started"
                yield found(
                    "user-unit-target", seen, entry, message, f"write {say(seen, entry.name, 'default.target')}"
                )


def system_default(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """default.target is another name for a target that the administrator may change."""
    for seen in view.of(graph).having(*_WANTS):
        for entry in seen.all(*_WANTS) if seen.scope == "system" else ():
            if "default.target" in entry.value.split():
                message = "`default.target` is only another name, which may mean another target tomorrow"
                yield found(
                    "system-default-target", seen, entry, message, f"write {say(seen, entry.name, 'multi-user.target')}"
                )


def user_account(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """A user's systemd runs everything as that user; the user's own name is taken since 257, the own group always."""
    for seen in view.of(graph).having(*_ACCOUNT):
        for name in _ACCOUNT if seen.scope == "user" else ():
            if not seen.get(name):
                continue
            may_be_own = name == "Group" or (name == "User" and target.systemd >= _OWN_USER)
            unless = ", unless it is the user's own" if may_be_own else ""
            message = f"`{name}={seen.get(name)}`: a user's systemd cannot become another; the start fails{unless}"
            hint = f"leave out {say(seen, name)}, or make it a unit of the system"
            one = found("user-in-user-unit", seen, name, message, hint)
            yield one._replace(severity=Severity.WARNING) if may_be_own else one


def root_specifiers(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """Specifiers stand for the manager's user, whatever `User=` says."""
    for seen in view.of(graph).having("User"):
        if seen.scope == "user" or seen.get("User") in ("", "root", "0"):
            continue
        for entry in seen.unit.entries:
            if "%" in entry.value and entry.section == "Service" and (match := _ROOTS.search(entry.value)):
                message = f"`{match[1]}` stands for root's, not for that of `{seen.get('User')}`"
                hint = "write the value in full; `~` as the working directory is the user's home"
                yield found("root-specifiers", seen, entry, message, hint)


def template(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """A template cannot be enabled without saying for what."""
    for seen in view.of(graph).having(*_WANTS):
        if not (is_python(seen.unit) and seen.parts.is_template and seen.all(*_WANTS)):
            continue
        if not seen.get("DefaultInstance"):
            message = (
                f"`{seen.name}` can only be enabled with an instance, such as `{seen.parts.prefix}@NAME.{seen.kind}`"
            )
            hint = f"set {say(seen, 'DefaultInstance')}, if there is one that most want"
            yield found("template-without-instance", seen, seen.all(*_WANTS)[0], message, hint)


def alias(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """An alias is of the same kind and shape as its unit, or enabling fails."""
    for seen in view.of(graph).having("Alias"):
        for word, entry in seen.words("Alias"):
            try:
                name = parse(word)
            except ValueError:
                continue
            if name.kind != seen.kind:
                message = f"`{word}` is no name for a {seen.kind}: enabling `{seen.name}` fails"
                yield found(
                    "alias-of-other-kind", seen, entry, message, f"write `{word.rpartition('.')[0]}.{seen.kind}`"
                )
            elif (name.instance is None) != (seen.parts.instance is None):
                message = f"`{word}` and `{seen.name}` are not both templates: enabling fails"
                yield found("alias-of-other-kind", seen, entry, message, "give both an `@`, or neither")


def user_sandbox(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """A user's systemd may only make these namespaces within one of users."""
    if target.systemd >= _IMPLIES_USERS:
        return
    for seen in view.of(graph).having(*SANDBOX):
        if seen.scope == "user" and not seen.flag("PrivateUsers"):
            name = next(name for name in SANDBOX if seen.entry(name))
            if seen.get(name) not in ("", "no", "false"):
                message = f"`{name}=` has no effect in a user's systemd {target.systemd} without `PrivateUsers=`"
                yield found("user-sandbox", seen, name, message, f"set {say(seen, 'PrivateUsers', 'yes')}")


def timer_and_boot(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """A service with a timer that is enabled as well runs at boot too."""
    everything = view.of(graph)
    for seen in everything.of("timer"):
        service = everything.starts(seen)
        boot = (
            [e for e in service.all(*_WANTS) if set(e.value.split()) & (_BOOT | {"default.target"})] if service else []
        )
        if service and boot:
            message = f"`{service.name}` runs at every boot, besides the times of `{seen.name}`"
            drop = "`wanted_by=[]`" if is_python(service.unit) else "no `WantedBy=`"
            yield found("timer-and-boot", service, boot[0], message, f"give it {drop}: enable the timer alone")


def never_started(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """A socket, timer or path that nothing starts does nothing; of unit files, links elsewhere may start it."""
    everything = view.of(graph)
    for seen in everything.of("socket", "timer", "path"):
        installs = ("WantedBy", "RequiredBy", "UpheldBy", "Alias", "Also")
        if (
            is_python(seen.unit)
            and seen.node not in everything.pulled
            and not seen.all(*installs)
            and not seen.parts.is_template
        ):
            usual = {"socket": "sockets.target", "timer": "timers.target", "path": "paths.target"}[seen.kind]
            message = f"nothing starts `{seen.name}`, and it cannot be enabled"
            yield found("never-started", seen, None, message, f"set {say(seen, 'WantedBy', usual)}", "WantedBy")
