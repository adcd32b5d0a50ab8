"""The table of directives against systemd itself, and against what is made from it."""

import keyword
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from mkunit import catalog
from mkunit.catalog.spec import Directive, Flag

ROOT = Path(__file__).parents[2]
SYSTEMD = Path("/lib/systemd/systemd")
FILED = ("Unit", "Install", "Service", "Socket", "Timer", "Path", "Mount", "Automount", "Swap", "Slice", "Scope")

needs_systemd = pytest.mark.skipif(not SYSTEMD.exists(), reason="no systemd here")


def everywhere() -> Iterator[tuple[str, Directive]]:
    """Each directive with each section of a file that it may stand in."""
    for section in FILED:
        for row in catalog.directives(section).values():
            yield section, row


def find(section: str, name: str) -> Directive:
    row = catalog.lookup(section, name)
    assert row is not None
    return row


def generator(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tools.catalogue", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def dumped() -> dict[str, list[str]]:
    """What the systemd of this machine says that it knows, by section."""
    command = [str(SYSTEMD), "--dump-configuration-items"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        if line.startswith("["):
            found[line.strip("[]")] = names = []
        elif "=" in line:
            names.append(line.partition("=")[0])
    return found


@needs_systemd
def test_knows_every_directive_of_the_installed_systemd() -> None:
    """Whatever systemd takes in a section is in the table for that section."""
    missing = [
        (section, name) for section, names in dumped().items() for name in names if not catalog.lookup(section, name)
    ]
    assert missing == []


@needs_systemd
def test_names_no_directive_that_the_installed_systemd_lacks() -> None:
    """What the table says is old enough for the installed systemd, and is no old spelling, systemd has."""
    line = subprocess.run([str(SYSTEMD), "--version"], capture_output=True, text=True, check=True).stdout
    version, known = int(line.split()[1]), dumped()
    invented = [
        (section, row.name)
        for section, row in everywhere()
        if row.since <= version and not row.flags & {Flag.LEGACY} and row.name not in known[section]
    ]
    assert invented == []


@pytest.mark.parametrize("items", sorted(Path(__file__).parent.glob("items-*.txt")), ids=lambda path: path.stem)
def test_knows_every_line_of_the_parser_tables(items: Path) -> None:
    """What a release's own table has is in ours, and is said to be that old; what it lacks is said to be newer."""
    version = int(items.stem.rpartition("-")[2])
    theirs = set(items.read_text(encoding="utf-8").split())
    ours = {f"{row[0]}.{row[1]}": int(row[4] or 0) for row in catalog.rows("directives.tsv")}
    assert len(theirs) > 400
    assert theirs - set(ours) == set()
    assert [name for name in theirs if ours[name] > version] == []
    assert [name for name, since in ours.items() if since <= version and name not in theirs] == []


def test_options_are_what_the_table_gives() -> None:
    """The types of the builders were written again after the table changed."""
    done = generator("check")
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("kind", catalog.kinds())
def test_keywords_are_unique(kind: str) -> None:
    """Within a kind a keyword means one directive, old spellings apart."""
    rows = [row for section in catalog.sections(kind) for row in catalog.directives(section).values()]
    counted = Counter(row.keyword for row in rows if Flag.LEGACY not in row.flags)
    assert [word for word, count in counted.items() if count > 1] == []


def test_keywords_can_be_written() -> None:
    """Every keyword is a name that Python takes as an argument's."""
    words = {row.keyword for _, row in everywhere()}
    assert [w for w in words if not w.isidentifier() or keyword.iskeyword(w) or w != w.lower()] == []


def test_value_types_are_known() -> None:
    """Every directive's value can be checked, but for those that no supported systemd looks at."""
    from mkunit.catalog.values import TYPES

    assert {row.value for _, row in everywhere() if row.until is None or row.until > catalog.OLDEST} - set(
        TYPES
    ) == set()


def test_successors_are_directives() -> None:
    """What the table says to write instead exists, in the same section or in [Unit]."""
    old = [(section, row) for section, row in everywhere() if row.successor]
    lost = [
        row.name
        for section, row in old
        if not (catalog.lookup(section, row.successor) or catalog.lookup("Unit", row.successor))
    ]
    assert old
    assert lost == []


def test_ends_come_after_beginnings() -> None:
    """No directive is ignored before it came."""
    assert [row.name for _, row in everywhere() if row.until is not None and row.until <= row.since] == []


def test_what_is_ignored_is_an_old_spelling() -> None:
    """A directive without effect in any version is marked so that nobody is offered it."""
    assert [row.name for _, row in everywhere() if row.until is not None and Flag.LEGACY not in row.flags] == []


def test_only_old_spellings_lack_a_man_page() -> None:
    """Whatever a user is offered is documented; one key of scopes is not, by systemd's own omission."""
    bare = {(section, row.name) for section, row in everywhere() if not row.man and Flag.LEGACY not in row.flags}
    assert bare == {("Scope", "TimeoutStopSec")}


@pytest.mark.parametrize(
    ("section", "name", "word"),
    [
        ("Socket", "ListenStream", "listen_stream"),
        ("Service", "IPAddressAllow", "ip_address_allow"),
        ("Service", "UMask", "umask"),
        ("Service", "SELinuxContext", "selinux_context"),
        ("Service", "TTYVHangup", "tty_vhangup"),
        ("Service", "TTYVTDisallocate", "tty_vt_disallocate"),
        ("Service", "MountAPIVFS", "mount_api_vfs"),
        ("Service", "RestrictSUIDSGID", "restrict_suid_sgid"),
        ("Service", "IOReadIOPSMax", "io_read_iops_max"),
        ("Service", "MemoryZSwapMax", "memory_zswap_max"),
        ("Socket", "BindIPv6Only", "bind_ipv6_only"),
        ("Socket", "IPTOS", "ip_tos"),
        ("Socket", "PassPIDFD", "pass_pidfd"),
        ("Unit", "ConditionCPUs", "condition_cpus"),
        ("Unit", "ConditionACPower", "condition_ac_power"),
    ],
)
def test_keyword_reads_as_a_person_would_write_it(section: str, name: str, word: str) -> None:
    """Capitals do not tear words apart."""
    assert find(section, name).keyword == word


@pytest.mark.parametrize(
    ("section", "name", "since", "until"),
    [
        ("Service", "ExecStart", 0, None),
        ("Service", "CPUAccounting", 208, 258),
        ("Service", "OOMPolicy", 243, None),
        ("Scope", "OOMPolicy", 252, None),
        ("Unit", "ConditionVersion", 258, None),
        ("Unit", "AssertVersion", 258, None),
        ("Unit", "AssertPathExists", 218, None),
        ("Install", "UpheldBy", 254, None),
        ("Socket", "PassPIDFD", 258, None),
    ],
)
def test_versions_are_those_of_systemd(section: str, name: str, since: int, until: int | None) -> None:
    """A directive is known from the version that brought it to the one that ignores it."""
    row = find(section, name)
    assert (row.since, row.until) == (since, until)


def test_lines_of_conditions_are_kept_apart() -> None:
    """A condition takes the whole line, so two of them are two lines."""
    names = [row for row in catalog.directives("Unit").values() if row.name.startswith(("Condition", "Assert"))]
    assert {row.many.value for row in names} == {"repeat"}


def test_commands_are_fatal() -> None:
    """A command that systemd cannot read makes the unit unusable."""
    assert all(Flag.FATAL in row.flags for _, row in everywhere() if row.value == "exec")
