"""`mkunit mount` and `mkunit automount`: a mount unit from flags, an automount, or both at once."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence

from mkunit.cli import curated, oneoff, prompt
from mkunit.cli.curated import Flag
from mkunit.cli.ui import Ui
from mkunit.dsl import Automount, Mount
from mkunit.model.unit import Unit

USAGE = "mkunit mount MOUNTPOINT --what DEVICE [options]"
FLAGS = (
    Flag("--what", "what", "DEVICE", "what is mounted: a device, UUID=…, host:/folder, tmpfs"),
    Flag("--type", "type", "TYPE", "its file system (default: found out by mount)"),
    Flag("--timeout", "timeout_sec", "SPAN", "how long mounting may take"),
    Flag("--lazy-unmount", "lazy_unmount", "", "unmount even while it is in use, as soon as it is not"),
    Flag("--force-unmount", "force_unmount", "", "unmount although a server does not answer"),
)
IDLE = Flag("--idle-timeout", "timeout_idle_sec", "SPAN", "unmount after so long without use; with --automount")
MODE = Flag("--directory-mode", "directory_mode", "MODE", "octal mode of folders that are made (default: 0755)")
_SPELLED = curated.spelled((*FLAGS, IDLE, MODE)) | {"options": "--options"}
_EPILOG = """examples:
  mkunit mount /mnt/backup --what /dev/sdb1 --type ext4 --options noatime --dry-run
  mkunit mount /srv/share --what server:/share --type nfs --automount --idle-timeout 10min --install --enable --start"""


def arguments(parser: ArgumentParser, name: str) -> None:
    parser.description = "One mount unit, named after its folder. Mounts are the system's: --system need not be said."
    parser.epilog = _EPILOG
    parser.add_argument("--automount", action="store_true", help="mount it at the first access: write an automount too")
    shared(parser, (*FLAGS, MODE), (IDLE,))
    oneoff.arguments(parser, "mount")


def shared(parser: ArgumentParser, mount: Sequence[Flag], automount: Sequence[Flag]) -> None:
    """What `mount` and `automount` both take."""
    parser.add_argument("place", nargs="?", metavar="MOUNTPOINT", help="the folder to mount on")
    curated.arguments(parser, "mount", mount)
    curated.arguments(parser, "automount", automount)
    parser.add_argument(
        "--options", action="append", metavar="OPTIONS", help="options of the mount, such as ro,noatime; may repeat"
    )


def run(given: Namespace, ui: Ui) -> int:
    given.system = not given.user_scope
    complete(given, ui, "mount", "MOUNTPOINT --what DEVICE")
    if curated.value(given, "what") is None and not any(text.startswith("What=") for text in given.set):
        if not ui.interactive:
            raise oneoff.usage("no-device", f"nothing is to be mounted on `{given.place}`", "give it `--what DEVICE`")
        question = "What to mount (device, UUID=…, host:/folder)"
        given.flag_what = prompt.asked(ui, question, lambda text: Mount("/x", what=text))
    if curated.value(given, "timeout_idle_sec") and not given.automount:
        message, hint = "`--idle-timeout` has no effect without `--automount`", "add `--automount`, or leave it out"
        raise oneoff.usage("idle-needs-automount", message, hint)
    return oneoff.run(given, ui, "mount", lambda: _build(given, ui), _SPELLED)


def complete(given: Namespace, ui: Ui, kind: str, example: str) -> None:
    """The mount point, asked for where it is missing, and from the root."""
    if not given.place:
        if given.place == "" or not ui.interactive:
            raise oneoff.usage("usage", f"the {kind} has no mount point", f"write `mkunit {kind} {example}`")
        given.place = prompt.asked(ui, "Folder to mount on", Automount)
    if given.place.startswith(("./", "../")):
        given.place = curated.absolute(given, ui, given.place)


def _build(given: Namespace, ui: Ui) -> Sequence[Unit]:
    own: dict[str, object] = {"options": ",".join(given.options)} if given.options else {}
    found = curated.options(given, ui, "mount", (*FLAGS, MODE), own, _SPELLED)
    mount = Mount(given.place, **found)  # type: ignore[arg-type]  # checked when it is built
    if not given.automount:
        return [mount]
    idle = curated.value(given, "timeout_idle_sec")
    return [Automount(given.place, timeout_idle_sec=idle if isinstance(idle, str) else None), mount]
