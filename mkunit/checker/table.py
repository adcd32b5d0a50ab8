"""Every rule: its code, its function, how grave it is, and what has to be there for it to have anything to say.

The modules are imported when one of their rules is to run; most one-off units need two of them.
"""

from typing import NamedTuple

from mkunit.errors import Severity

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO


class Rule(NamedTuple):
    """A rule as data. `needs` are directives or kinds of units (in lower case) of which one must be there."""

    code: str
    place: str  # module and function
    severity: Severity
    needs: tuple[str, ...]
    is_certain: bool = False  # it is never wrong, so that `mkunit build` says it too
    least: int = 1  # so many of the needed directives or units together


_ADDRESSES = ("ListenStream", "ListenDatagram")
_NODES = ("ListenStream", "ListenDatagram", "ListenSequentialPacket", "ListenFIFO")
_EXEC = ("ExecStart", "ExecStartPre", "ExecStartPost", "ExecReload", "ExecStop", "ExecStopPost", "ExecCondition")
_STRONG = ("Requires", "BindsTo", "Requisite")
_OWNER = ("SocketUser", "SocketGroup", "SocketMode", "DirectoryMode", "RemoveOnStop")
_OPTIONS = (
    *("Writable", "PipeSize", "MessageQueueMaxMessages", "MessageQueueMessageSize", "BindIPv6Only", "FreeBind"),
    *("Transparent", "IPTOS", "IPTTL", "NoDelay", "KeepAlive", "KeepAliveTimeSec", "KeepAliveIntervalSec"),
    *("KeepAliveProbes", "DeferAcceptSec"),
)
_INSTALL = ("WantedBy", "RequiredBy", "UpheldBy")
# The kinds that any line can be wrong in as a whole, and what can be wrong in the others.
_CLASHING = (
    *("service", "timer", "path", "mount", "automount", "swap"),
    *("MaxConnections", "DeferTrigger", "Symlinks", "PAMName", "DynamicUser", "PrivatePIDs"),
)
# What a user's systemd makes only within a namespace of users.
SANDBOX = (
    *("ProtectSystem", "ProtectHome", "PrivateTmp", "PrivateDevices", "PrivateNetwork", "ReadWritePaths"),
    *("ReadOnlyPaths", "InaccessiblePaths", "ProtectKernelTunables", "ProtectKernelModules", "ProtectControlGroups"),
    *("ProtectClock", "ProtectHostname", "ProtectKernelLogs", "BindPaths", "BindReadOnlyPaths", "TemporaryFileSystem"),
)
_AGAIN = ("OnUnitActiveSec", "OnUnitInactiveSec")

RULES: tuple[Rule, ...] = (
    Rule("duplicate-unit", "names:duplicates", ERROR, ("several",), True),
    Rule("incomplete-unit", "whole:incomplete", ERROR, ("service", "timer", "path", "mount"), True),
    Rule("contradiction", "whole:contradictions", ERROR, _CLASHING, True),
    Rule("no-listener", "sockets:no_listener", ERROR, ("socket",), True),
    Rule("accept-with-service", "sockets:accept", ERROR, ("Accept", "MaxConnections", "MaxConnectionsPerSource"), True),
    Rule("accept-needs-template", "sockets:pairing", ERROR, ("socket", "service"), True, 2),
    Rule("duplicate-address", "addresses:duplicates", ERROR, _NODES, True, 2),
    Rule("address-needs-freebind", "addresses:needs_freebind", WARNING, _ADDRESSES),
    Rule("bare-port-is-public", "addresses:public", INFO, _ADDRESSES),
    Rule("user-privileged-port", "addresses:privileged", WARNING, _ADDRESSES),
    Rule("option-without-listener", "addresses:idle_options", WARNING, _OPTIONS, True),
    Rule("owner-needs-path", "addresses:idle_owner", WARNING, _OWNER, True),
    Rule("world-writable-socket", "nodes:world_writable", WARNING, _NODES),
    Rule("socket-in-tmp", "nodes:in_temporary", WARNING, _NODES),
    Rule("runtime-directory-eats-socket", "nodes:eaten", WARNING, ("RuntimeDirectory",), True),
    Rule("stale-socket-file", "nodes:stale", INFO, _NODES),
    Rule("owner-in-user-scope", "nodes:owner_in_user_scope", WARNING, _OWNER[:2], True),
    Rule("socket-owner-is-dynamic", "nodes:dynamic_owner", WARNING, ("DynamicUser",), True),
    Rule("service-binds-first", "activation:binds_first", WARNING, ("socket",)),
    Rule("service-binds-port", "activation:binds_port", WARNING, ("socket",)),
    Rule("socket-wantedby", "activation:wrong_target", WARNING, ("socket",)),
    Rule("socket-after-network", "activation:after_network", WARNING, ("After",), True),
    Rule("shell-breaks-listen-pid", "activation:shell_breaks", WARNING, ("socket",)),
    Rule("accept-without-stdin", "activation:accept_stdin", INFO, ("Accept",)),
    Rule("errors-to-client", "activation:errors_to_client", WARNING, ("Accept",)),
    Rule("accept-collect-mode", "activation:collect_mode", INFO, ("Accept",)),
    Rule("trigger-loop", "activation:trigger_loop", WARNING, ("socket",)),
    Rule("ip-filter-misses-socket", "activation:filter_misses", WARNING, ("IPAddressDeny",), True),
    Rule("flush-needs-no-accept", "activation:flush_accept", WARNING, ("FlushPending",), True),
    Rule("socket-bound-to-device", "activation:device_bound", INFO, ("BindToDevice",)),
    Rule("shell-syntax", "exec:shell_syntax", WARNING, _EXEC, True),
    Rule("environment-no-expansion", "exec:unexpanded", WARNING, ("Environment",), True),
    Rule("secret-in-environment", "exec:secret", WARNING, ("Environment",)),
    Rule("exec-in-home", "exec:in_home", WARNING, ("service",)),
    Rule("detaches-from-systemd", "exec:detaches", WARNING, ("service",)),
    Rule("bare-command", "exec:bare_command", INFO, ("service",)),
    Rule("requires-without-after", "dependencies:without_after", WARNING, _STRONG),
    Rule("after-without-pull-in", "dependencies:nobody_starts", WARNING, ("After",)),
    Rule("misspelt-unit", "dependencies:misspelt", WARNING, ("After", "Before", "Wants", *_STRONG)),
    Rule("network-target", "dependencies:network_target", WARNING, ("After",)),
    Rule("online-without-wants", "dependencies:online_unwanted", WARNING, ("After",)),
    Rule("obsolete-unit", "dependencies:obsolete", WARNING, ("After", "Before", "Wants", *_STRONG, "WantedBy"), True),
    Rule("user-needs-system-unit", "dependencies:across_managers", WARNING, ("After", "Wants", *_STRONG), True),
    Rule("timer-requires-service", "dependencies:timer_requires", WARNING, ("Requires", "Wants", "BindsTo"), True),
    Rule("forking-in-foreground", "lifecycle:forking", WARNING, ("Type",)),
    Rule("forking-without-pidfile", "lifecycle:pid_file", WARNING, ("Type",)),
    Rule("notify-behind-shell", "lifecycle:notify_shell", WARNING, ("Type",)),
    Rule("watchdog-without-notify", "lifecycle:watchdog", INFO, ("WatchdogSec",)),
    Rule("oneshot-without-remain", "lifecycle:oneshot", INFO, ("service",)),
    Rule("restart-gives-up", "lifecycle:gives_up", WARNING, ("Restart",)),
    Rule("kill-leaves-children", "lifecycle:leaves_children", INFO, ("KillMode",)),
    Rule("no-restart", "lifecycle:no_restart", INFO, ("service",)),
    Rule("user-unit-target", "install:user_target", ERROR, _INSTALL, True),
    Rule("system-default-target", "install:system_default", WARNING, _INSTALL),
    Rule("user-in-user-unit", "install:user_account", ERROR, ("User", "Group", "SupplementaryGroups"), True),
    Rule("root-specifiers", "install:root_specifiers", WARNING, ("User",), True),
    Rule("template-without-instance", "install:template", INFO, _INSTALL),
    Rule("alias-of-other-kind", "install:alias", ERROR, ("Alias",), True),
    Rule("user-sandbox", "install:user_sandbox", WARNING, SANDBOX, True),
    Rule("timer-and-boot", "install:timer_and_boot", WARNING, ("timer",)),
    Rule("never-started", "install:never_started", WARNING, ("socket", "timer", "path")),
    Rule("read-only-path", "sandbox:read_only", WARNING, ("ProtectSystem", "DynamicUser")),
    Rule("dynamic-user-path", "sandbox:dynamic_paths", WARNING, ("DynamicUser",)),
    Rule("home-is-hidden", "sandbox:hidden_home", WARNING, ("ProtectHome",), True),
    Rule("no-network-for-client", "sandbox:no_network", WARNING, ("PrivateNetwork",)),
    Rule("jit-needs-executable-memory", "sandbox:jit", WARNING, ("MemoryDenyWriteExecute",), True),
    Rule("runs-as-root", "sandbox:as_root", INFO, ("service",)),
    Rule("timer-not-persistent", "timers:no_persistent", WARNING, ("OnCalendar",)),
    Rule("persistent-needs-calendar", "timers:persistent_alone", WARNING, ("Persistent",), True),
    Rule("timer-never-starts", "timers:never_first", WARNING, _AGAIN),
    Rule("timer-runs-once", "timers:remains", WARNING, ("RemainAfterExit",), True),
    Rule("delay-beyond-period", "timers:delay", WARNING, ("RandomizedDelaySec",)),
    Rule("timer-too-coarse", "timers:accuracy", WARNING, ("OnCalendar", *_AGAIN), True),
    Rule("timer-wantedby", "timers:wrong_target", WARNING, ("timer", "path")),
    Rule("path-retriggers", "timers:path_loop", INFO, ("path",)),
    Rule("network-mount", "mounts:network", WARNING, ("mount",), True),
    Rule("automount-without-mount", "mounts:lonely_automount", WARNING, ("automount",)),
    Rule("mount-blocks-boot", "mounts:blocks_boot", WARNING, ("RequiredBy",)),
    Rule("fstab-option", "mounts:fstab_options", WARNING, ("Options",), True),
    Rule("set-twice", "repeats:twice", WARNING, ()),
    Rule("dropin-appends", "repeats:appends", WARNING, ("drop-in",)),
    Rule("ordering-cycle", "ordering:rings", ERROR, ("Before", "After"), True),
)
