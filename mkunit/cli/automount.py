"""`mkunit automount`: one automount unit from flags, and with `--what` the mount that it needs."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence

from mkunit.cli import curated, mount, oneoff
from mkunit.cli.curated import Flag
from mkunit.cli.ui import Ui
from mkunit.dsl import Automount, Mount
from mkunit.model.unit import Unit

USAGE = "mkunit automount MOUNTPOINT [options]"
OWN = (
    Flag("--timeout", "timeout_idle_sec", "SPAN", "unmount after so long without use (default: never)"),
    mount.MODE,
)
MOUNT = (
    Flag("--what", "what", "DEVICE", "write the mount too: what is mounted, a device, UUID=…, host:/folder"),
    Flag("--type", "type", "TYPE", "its file system (default: found out by mount)"),
)
_SPELLED = curated.spelled((*OWN, *MOUNT)) | {"options": "--options"}
_EPILOG = """examples:
  mkunit automount /srv/share --what server:/share --type nfs --timeout 10min --install --enable --start
  mkunit automount /mnt/backup --dry-run"""


def arguments(parser: ArgumentParser, name: str) -> None:
    parser.description = "One automount unit: its mount starts at the first access. Automounts are the system's."
    parser.epilog = _EPILOG
    mount.shared(parser, MOUNT, OWN)
    oneoff.arguments(parser, "automount")


def run(given: Namespace, ui: Ui) -> int:
    given.system = not given.user_scope
    mount.complete(given, ui, "automount", "MOUNTPOINT")
    if curated.value(given, "what") is None and (given.options or curated.value(given, "type")):
        flag = "--options" if given.options else "--type"
        hint = "add `--what DEVICE`, or leave it out: it is for the mount"
        raise oneoff.usage("mount-needs-what", f"`{flag}` has no effect without `--what`", hint)
    return oneoff.run(given, ui, "automount", lambda: _build(given, ui), _SPELLED)


def _build(given: Namespace, ui: Ui) -> Sequence[Unit]:
    found = curated.options(given, ui, "automount", OWN, {}, _SPELLED)
    unit = Automount(given.place, **found)  # type: ignore[arg-type]  # checked when it is built
    if curated.value(given, "what") is None:
        return [unit]
    options: dict[str, object] = {flag.keyword: curated.value(given, flag.keyword) for flag in MOUNT}
    if given.options:
        options["options"] = ",".join(given.options)
    return [unit, Mount(given.place, **options)]  # type: ignore[arg-type]  # as above
