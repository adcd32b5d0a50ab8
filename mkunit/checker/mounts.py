"""Rules on mounts and automounts."""

import re
from collections.abc import Iterator

from mkunit import catalog
from mkunit.checker import view
from mkunit.checker.wording import found, say
from mkunit.errors import Diagnostic
from mkunit.model.graph import Graph
from mkunit.model.target import Target

_REMOTE = re.compile(r"//[^/]|(?:\[[0-9a-f:]+\]|[\w.-]+):/|[\w.+-]+@[\w.-]+:|https?://")
_REMOTE_TYPES = ("fuse.s3fs", "fuse.rclone", "rclone", "fuse.gcsfuse", "fuse.goofys", "fuse.curlftpfs", "fuse.davfs2")
_BOOT = ("local-fs.target", "remote-fs.target", "sysinit.target", "basic.target", "multi-user.target")
_ASIDE = ("/mnt/", "/media/", "/srv/", "/backup/", "/data/")
_FSTAB = ("nofail", "noauto", "auto", "x-systemd.")


def options(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def network(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """systemd tells by its type whether a file system needs the network; of some it cannot."""
    for seen in view.of(graph).of("mount"):
        fs, what = seen.get("Type"), seen.get("What")
        known = fs.removeprefix("fuse.") in catalog.network_file_systems() or "_netdev" in options(seen.get("Options"))
        if known or "network-online.target" in seen.names("After") or not (fs in _REMOTE_TYPES or _REMOTE.match(what)):
            continue
        message = f"`{what}` is on the network, which systemd does not know: it mounts it before the network is up"
        given = ",".join([*options(seen.get("Options")), "_netdev"])
        yield found("network-mount", seen, "What", message, f"set {say(seen, 'Options', given)}", "Options")


def lonely_automount(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """An automount needs the mount of its path."""
    everything = view.of(graph)
    for seen in everything.of("automount"):
        if everything.starts(seen) is None:
            message = f"there is no `{seen.stem}.mount`, which `{seen.name}` is to mount; only /etc/fstab could have it"
            hint = "add a mount for the same path" + (", by `Mount(…)`" if seen.unit.source else "")
            yield found("automount-without-mount", seen, None, message, hint)


def blocks_boot(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """A disk that is not there must not keep the machine from coming up."""
    for seen in view.of(graph).having("RequiredBy"):
        for entry in seen.all("RequiredBy") if seen.kind in ("mount", "swap") else ():
            aside = seen.get("Where").startswith(_ASIDE) or seen.kind == "swap"
            if aside and set(entry.value.split()) & set(_BOOT):
                message = (
                    f"without `{seen.get('What')}` the machine does not boot: `{entry.value}` requires `{seen.name}`"
                )
                hint = f"write {say(seen, 'WantedBy', entry.value)}"
                yield found("mount-blocks-boot", seen, entry, message, hint)


def fstab_options(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """Some options are for the generator that reads /etc/fstab."""
    for seen in view.of(graph).having("Options"):
        entry = seen.entry("Options")
        for word in options(entry.value) if entry and seen.kind in ("mount", "swap") else ():
            if word in _FSTAB[:3] or word.startswith(_FSTAB[3]):
                message = f"the option `{word}` is for /etc/fstab, and has no effect in a unit"
                yield found("fstab-option", seen, entry, message, f"leave out `{word}`: write it as a directive")
