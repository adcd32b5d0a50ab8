"""Every directive of the catalogue with good and bad values, judged by mkunit and by the real systemd.

`MKUNIT_SYSTEMD_ANALYZE` names the command of another systemd than the machine's own.
"""

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from mkunit import catalog
from mkunit.catalog.spec import Directive, Outcome
from mkunit.catalog.values import check, describe
from mkunit.catalog.values.enums import words
from mkunit.catalog.values.syscalls import calls

ANALYZE = shlex.split(os.environ.get("MKUNIT_SYSTEMD_ANALYZE", "systemd-analyze"))
LISTED = Path(__file__).parent / "disagreements.tsv"
STOCK = (
    "", "%z", "x y", "a,b", "0", "-1", "99999999999999999999", "TRUE", "yes", "infinity", "1 # comment", "50%", "%", "10M",
    "5s", "/x", "/a/../b", '"q', '"q"', "it's", "a\\qb", "%n", "%%", "~", "-", "none", "all", "default", "x" * 300, "é",
    "/a:/b", "a=b", "1:2", "@x", "1-2", "%t/x", "x.service", "0x10", "08", ";", "-/x", "!x", "|x", "any", "off",
)  # fmt: skip
SECTIONS = ("Unit", "Service", "Socket", "Timer", "Path", "Mount", "Automount", "Swap", "Slice")
BASE = {
    "Service": ("service", "ExecStop=/bin/true\nRemainAfterExit=yes\nExecStart=/bin/true\n"),
    "Socket": ("socket", "ListenStream=@base\nService=x.service\n"),
    "Timer": ("timer", "OnActiveSec=1h\n"),
    "Path": ("path", "PathExists=/base\n"),
    "Mount": ("mount", "What=/dev/base\n"),
    "Automount": ("automount", ""),
    "Swap": ("swap", ""),
    "Slice": ("slice", ""),
}
BY_KIND = frozenset((
    "delegate", "delegate_subgroup", "managed_oom_mode", "managed_oom_mem_pressure_limit", "unit_slice",
    "managed_oom_mem_pressure_duration_sec", "managed_oom_rules",
))  # fmt: skip
UNPLACED = {  # what systemd says of some values without the place of the line
    "bpf_delegate_attachments": "Unknown BPF delegate option",
    "bpf_delegate_commands": "Unknown BPF delegate option",
    "bpf_delegate_maps": "Unknown BPF delegate option",
    "bpf_delegate_programs": "Unknown BPF delegate option",
    "log_filter_patterns": "Bad pattern",
}
VOCABULARY = {  # for types whose values are lists: the table of the words, and a value with one of them
    "address_families": ("address_family", "WORD"),
    "bpf_foreign_program": ("bpf_attach", "WORD:/x"),
    "cgroup_nft_set": ("nft_family", "cgroup:WORD:a:b"),
    "delegate": ("controller", "WORD"),
    "disable_controllers": ("controller", "WORD"),
    "exec_coredump_filter": ("coredump_filter", "WORD"),
    "image_policy": ("policy", "root=WORD"),
    "namespace_flags": ("namespace_flags", "WORD"),
    "restrict_filesystems": ("filesystem_group", "WORD"),
    "root_image_options": ("partition", "WORD:ro"),
    "service_refresh_on_reload": ("refresh_on_reload", "WORD"),
    "set_status": ("exit_status", "WORD"),
    "signal": ("signal", "SIGWORD"),
    "syscall_archs": ("syscall_arch", "WORD"),
    "syscall_errno": ("errno", "WORD"),
    "syscall_filter": ("syscalls", "~WORD"),
}
REMARKS = (  # warnings about values that systemd takes all the same
    "Unit uses KillMode=none",
    "Support for ",
    "is obsolete, replacing by",
    "please use",
    "Configures an IP firewall",
    "Unit configures an IP firewall",
    "does not support BPF",
    "Unsupported CPU scheduling policy",
)


class Case(NamedTuple):
    """One value of one directive, and the section of the file that it stands in."""

    section: str
    directive: Directive
    value: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What the case is listed under."""
        return self.directive.section, self.directive.name, self.value


@cache
def version() -> int:
    """The version of the systemd that judges, or 0 where there is none."""
    if shutil.which(ANALYZE[0]) is None:
        return 0
    out = subprocess.run([*ANALYZE, "--version"], capture_output=True, text=True, check=True).stdout
    return int(out.split()[1])


def directives() -> Iterator[tuple[str, Directive]]:
    """Each row of the catalogue, with a section of a file in which it can be tried; what kinds share once but for limits."""
    seen = set()
    for section in SECTIONS:
        for row in catalog.directives(section).values():
            known = row.since <= version() and (row.until is None or version() < row.until)
            key = row.name, row.value, row.section if row.value in BY_KIND else ""
            if known and key not in seen:
                seen.add(key)
                yield section, row


def vocabulary(row: Directive) -> list[str]:
    """Each word of the tables, in a value of a type that takes lists of them."""
    table, pattern = VOCABULARY.get(row.value, ("", ""))
    names = calls() if table == "syscalls" else words(table)
    return [pattern.replace("WORD", name) for name in names if name[0] != "<"]


def cases() -> list[Case]:
    """All that is to be judged."""
    found = []
    for section, row in directives():
        grammar = describe(row)
        values = dict.fromkeys((*grammar.good, *grammar.bad, *STOCK, *vocabulary(row)))
        found += [Case(section, row, value) for value in values if not re.search(r"(?<!\\)(\\\\)*\\$", value)]
    return found


def text(case: Case, name: str) -> tuple[str, str, int]:
    """The name and the text of a unit file with the value in it, and the number of its line."""
    line = f"{case.directive.name}={case.value}\n"
    section = "Service" if case.section == "Unit" else case.section
    suffix, base = BASE[section]
    head = "[Unit]\nmark\nDefaultDependencies=no\n"  # the line without `=` makes systemd name the file before all else
    if section in ("Mount", "Automount"):
        base += f"Where=/{name}\n"
    if section == "Swap":
        base += f"What=/{name}\n"
    if case.directive.value == "exec":
        base = "Type=oneshot\n" + base
    body = f"{head}{line}[{section}]\n{base}" if case.section == "Unit" else f"{head}[{section}]\n{base}{line}"
    return f"{name}.{suffix}", body, 4 if case.section == "Unit" else body.count("\n")


def verify(folder: Path, batch: list[Case]) -> list[str]:
    """The verdict of the real systemd for each case: accepted, ignored or refused."""
    places = {}
    for number, case in enumerate(batch):
        name, body, line = text(case, f"v{number}")
        (folder / name).write_text(body, encoding="utf-8")
        places[name] = number, line
    (folder / "x.service").write_text("[Service]\nExecStart=/bin/true\n")
    files = [f"./{name}" for name in places]
    environment = {
        "PATH": os.environ["PATH"], "SYSTEMD_UNIT_PATH": "", "SYSTEMD_COLORS": "0", "LC_ALL": "C.UTF-8",
        "SYSTEMD_LOG_LEVEL": "info", "SYSTEMD_LOG_TARGET": "console-prefixed",
    }  # fmt: skip
    command = [*ANALYZE, "verify", "--man=no", "--recursive-errors=one", *files]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
    return read(done.stderr.decode("utf-8", "replace"), batch, places)


def read(log: str, batch: list[Case], places: dict[str, tuple[int, int]]) -> list[str]:
    """The verdicts in what systemd said."""
    verdicts = ["accepted"] * len(batch)
    whole, current = set(), 0
    for line in log.split("\n"):
        level, message = (int(line[1:3]) & 7, line[4:]) if re.match(r"<\d\d>", line) else (7, line)
        unit = message.partition(":")[0]
        if place := re.match(r"(?:/[^:]*|\.)/(v\d+\.[a-z]+):(\d+): ", message):
            current, number = places[place[1]]
            remark = any(remark in message for remark in REMARKS)
            if int(place[2]) == number and level <= 4 and not remark:
                verdicts[current] = "ignored"
        elif message.endswith(("efusing.", "refusing operation.", "not loading.")) and unit in places:
            whole.add(unit)
        elif failed := re.match(r"Unit (v\d+\.[a-z]+) (?:has a bad|failed to load)", message):
            if failed[1] not in whole:
                verdicts[places[failed[1]][0]] = "refused"
        elif (hint := UNPLACED.get(batch[current].directive.value)) and hint in message:
            verdicts[current] = "ignored"
    return verdicts


def opinion(case: Case) -> str:
    """The verdict of mkunit, in the same words."""
    outcomes = {finding.outcome for finding in check(case.directive, case.value, version())}
    if Outcome.REFUSED in outcomes:
        return "refused"
    if Outcome.NEWER in outcomes:
        return "newer"
    return "ignored" if Outcome.IGNORED in outcomes else "accepted"


def listed() -> dict[tuple[str, str, str], str]:
    """The disagreements that are known for the systemd that judges, with their reasons."""
    rows = [line.split("\t") for line in LISTED.read_text(encoding="utf-8").split("\n")[1:] if line]
    found = {}
    for versions, section, name, value, reason in rows:
        low, _, high = versions.partition("-")
        if int(low) <= version() <= int(high or low):
            found[section, name, value.replace("\\x", "x" * 300)] = reason
    return found


def agree(mine: str, theirs: str) -> bool:
    """What only a newer systemd knows is at best dropped by this one."""
    return mine == theirs or (mine == "newer" and theirs in ("ignored", "refused"))


@pytest.mark.skipif(not version(), reason="there is no systemd-analyze")
def test_every_value_is_judged_as_systemd_judges_it(tmp_path: Path, figure: Callable[[str], None]) -> None:
    """The verdicts agree, but for those that are listed with a reason."""
    wanted = cases()
    wrong = {}
    for start in range(0, len(wanted), 400):
        folder = tmp_path / str(start)
        folder.mkdir()
        batch = wanted[start : start + 400]
        for case, theirs in zip(batch, verify(folder, batch), strict=True):
            if not agree(mine := opinion(case), theirs):
                wrong[case.key] = f"mkunit: {mine}, systemd {version()}: {theirs}"
    known = listed()
    figure(f"systemd {version()}: {len(wanted) - len(wrong)} of {len(wanted)} values agree")
    if path := os.environ.get("MKUNIT_DISAGREEMENTS"):
        lines = ["\t".join((*key, why)) for key, why in wrong.items()]
        Path(path).write_text("\n".join(lines), encoding="utf-8")
    assert {key: why for key, why in wrong.items() if key not in known} == {}
    assert [key for key, why in known.items() if key not in wrong and not why.startswith("depends")] == []


@pytest.mark.skipif(
    bool(os.environ.get("MKUNIT_SYSTEMD_ANALYZE")) or not shutil.which("systemctl"), reason="no systemctl"
)
def test_install_sections_are_judged_as_systemctl_judges_them(tmp_path: Path) -> None:
    """What mkunit finds wrong in [Install] makes `systemctl enable` fail, and nothing else does."""
    units = tmp_path / "etc" / "systemd" / "system"
    units.mkdir(parents=True)
    wrong = {}
    for row in catalog.directives("Install").values():
        if row.since > version() or row.name in ("Also", "Alias", "DefaultInstance"):
            continue
        grammar = describe(row)
        for value in (*grammar.good, *grammar.bad, "x y", "%z", "a@.service", "%n.target", "é.target"):
            unit = units / "unit.service"
            unit.write_text(f"[Service]\nExecStart=/bin/true\n[Install]\n{row.name}={value}\n")
            command = ["systemctl", f"--root={tmp_path}", "enable", "unit.service"]
            failed = subprocess.run(command, capture_output=True, check=False).returncode != 0
            if failed != any(f.outcome in ("ignored", "refused") for f in check(row, value, version())):
                wrong[row.name, value] = failed
    assert wrong == {}
