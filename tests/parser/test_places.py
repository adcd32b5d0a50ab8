"""Verdicts and places beside the real systemd's: what it complains of, at which line, and which units it refuses."""

import random
from pathlib import Path

import pytest
from analyze import IS_THERE, verify, version

from mkunit.cli.validate import Report, examine
from mkunit.errors import Severity
from mkunit.parser import load

SERVICE = "[Service]\nExecStart=/bin/true\n"
# Findings of what systemd says nothing about, or nothing with a place.
SILENT = ("silent-loss", "deprecated-directive", "deprecated-value", "control-character", "lost-rest", "no-effect")

SYNTAX = {
    "nothing": "",
    "unknown-key": "Foo=1\nX-Foo=1\nfoo\n",
    "no-name": "=1\n  =2\n =\n",
    "sections": "[Foo]\na\nb=c\n[X-Foo]\na\n[service]\n[Service ]\n[]\n[Install]\nWantdBy=x\n[Timer]\nOnCalendar=x\n",
    "misplaced": "After=a.target\nWantedBy=x\nStartLimitIntervalSec=10\nOnFailure=x\n[Unit]\nExecStart=/bin/true\nType=x\n",
    "legacy": "StartLimitInterval=5\nStartLimitBurst=3\nFailureAction=none\n",
    "continued": "Foo=a \\\n b \\\n# c\n c\nBar=1\nBaz=2 \\\n\nNice=x\\\n\n",
    "continued-to-the-end": "Foo=a \\\n",
    "continued-to-the-very-end": "Foo=a \\",
    "backslashes": "Foo=a\\\\\nBar=b\\\\\\\n c\nBaz=\\ \n d\n",
    "header-in-a-continuation": "Foo=a \\\n[Unit]\nBar=1\n",
    "ends": "Foo=1\rBar=2\r\n\r\nBaz=3\0Qux=4\n\0\nQuux=5\n\r\0Last=6",
    "other-ends": "\vNice=3\nNice=3\f\nNice\x85=1\n\u2028=3\n",
    "comments": "# a \\\nFoo=1\n  ; b\n\t# c\nBar=1 # d\nNice=1 ; e\n",
    "marks": "\ufeffFoo=1\n\ufeffBar=2\n",
    "bad-header": "Foo=1\n[Unit # c\nBar=2\n",
    "header-with-a-comment": "[Unit] # c\n",
    "header-with-quotes": '[Un"it]\n',
    "header-with-a-backslash": "[Un\\it]\n",
    "header-with-a-control": "[Un\x01it]\n",
    "lone-bracket": "[\n",
    "values": "Type=deamon\nNice=-21\nProtectSystem=ful\nUMask=99\nLimitNOFILE=65k\nRestartSec=5 secs\nPrivateTmp=\n",
    "words": "Environment=FOO A=b\nSystemCallFilter=@system-servce\nSupplementaryGroups=\nSuccessExitStatus=256 1\n",
    "fatal": "Foo=1\nWorkingDirectory=rel\nBar=2\n",
    "fatal-command": "ExecStartPre=bin/echo\n",
    "fatal-quotes": "ExecStartPre=/bin/echo \"a\n",
    "harmless-command": "ExecStartPre=-bin/echo\n",
    "twice": "ExecStart=/bin/true\n",
    "oneshot": "Type=oneshot\nRestart=always\n",
    "reset-and-twice": "ExecStart=\nExecStart=/bin/true\n",
    "no-command": "ExecStart=\n",
    "dbus": "Type=dbus\n",
    "pam": "PAMName=login\nKillMode=process\n",
    "pam-mixed": "PAMName=login\nKillMode=mixed\n",
    "oneshot-cgroup": "Type=oneshot\nExitType=cgroup\n",
    "oneshot-limit": "Type=oneshot\nRuntimeMaxSec=10\n",
    "only-stop": "ExecStart=\nExecStop=/bin/true\n",
    "only-stop-oneshot": "ExecStart=\nType=oneshot\nExecStop=/bin/true\n",
    "only-stop-remaining": "ExecStart=\nRemainAfterExit=yes\nExecStop=/bin/true\n",
    "simple-stop-remaining": "Type=simple\nExecStart=\nRemainAfterExit=yes\nExecStop=/bin/true\n",
    "success-action": "ExecStart=\n[Unit]\nSuccessAction=reboot\n",
    "no-success-action": "ExecStart=\n[Unit]\nSuccessAction=none\n",
}  # fmt: skip

WHOLE = {
    "a.timer": "[Timer]\nOnCalendar=daly\n",
    "b.timer": "[Timer]\nOnClockChange=yes\n",
    "c.timer": "[Timer]\nOnClockChange=no\n",
    "d.timer": "[Timer]\nOnCalendar=daily\nOnBootSec=\n",
    "e.timer": "[Timer]\nOnCalendar=daily\nOnBootSec=\nOnTimezoneChange=1\nUnit=a.service\n",
    "a.path": "[Path]\nPathChanged=foo\n",
    "b.path": "[Path]\nPathChanged=/foo\nMakeDirectory=yes\nUnit=a.service\n",
    "c.path": "[Path]\nPathChanged=/foo\nPathExists=\n",
    "m.mount": "[Mount]\nWhat=/dev/x\nWhere=/m\n",
    "n.mount": "[Mount]\nWhere=/n\n",
    "o.mount": "[Mount]\nWhat=/dev/x\nWhere=/other\n",
    "p.mount": "[Mount]\nWhat=/dev/x\n",
    "sys-fs-bpf.mount": "[Mount]\nWhat=bpf\nWhere=/sys/fs/bpf\n",
    "sys-fs-cgroup-x.mount": "[Mount]\nWhat=x\nWhere=/sys/fs/cgroup/x\n",
    "run-hosts.mount": "[Mount]\nWhat=x\nWhere=/run/hosts\n",
    "m.automount": "[Automount]\nWhere=/m\n",
    "n.automount": "[Automount]\nWhere=/nope\n",
    "o.automount": "[Automount]\nExtraOptions=ro,fd=3\n",
    "-.automount": "[Automount]\nWhere=/\n",
    "dev-a.swap": "[Swap]\nWhat=/dev/a\n",
    "dev-b.swap": "[Swap]\nWhat=/dev/zzz\n",
    "a.slice": "[Slice]\nMemoryMax=1GB\n",
    "t.target": "[Target]\nFoo=1\n[Unit]\nAfter=x.target\n",
    "none.socket": "[Socket]\nBacklog=1\n",
    "taken-back.socket": "[Socket]\nListenStream=1\nListenFIFO=\n",
    "zero.socket": "[Socket]\nListenStream=1\nMaxConnections=0\nService=a.service\n",
    "zero-accept.socket": "[Socket]\nListenStream=1\nMaxConnections=0\nAccept=yes\n",
    "datagram.socket": "[Socket]\nListenDatagram=1\nAccept=yes\n",
    "service.socket": "[Socket]\nListenStream=1\nAccept=yes\nService=a.service\n",
    "links.socket": "[Socket]\nListenStream=/run/a\nSymlinks=/run/b\nService=a.service\n",
    "links-of-two.socket": "[Socket]\nListenStream=/run/a\nListenFIFO=/run/c\nSymlinks=/run/b\nService=a.service\n",
    "links-of-none.socket": "[Socket]\nListenStream=1\nSymlinks=/run/b\nService=a.service\n",
    "pam.socket": "[Socket]\nListenStream=1\nPAMName=x\nKillMode=mixed\nService=a.service\n",
    "a.service": SERVICE,
}

PIECES = (
    "[Unit]", "[Service]", "[Service]", "[Install]", "[Foo]", "[X-Foo]", "[]", "Description=a", "Foo=1", "X-Foo=1", "foo",
    "=1", "Nice=x", "Nice=3", "Type=simple", "Type=deamon", "# c", "; d \\", "  # e", "A \\", "Foo=a \\", " \\", "\\", "\\\\", "",
    " ", "\t", "\ufeff", "é", "\v", "ExecStart=/bin/true", "UMask=9", "After=a.target",
)  # fmt: skip
BYTES = (*([b"\n"] * 5), b"\r\n", b"\r", b"\0", b"\n\r", b"", b"# \xff\n")
FATAL = (b"\n[Unit\n", b"A=\xff\n", b"B=\xef\xbf\xbf\n", b"\nExecStartPre=rel/x\n", b"\n[Unit] # c\n")


def _piece(chance: random.Random) -> bytes:
    """A part of a file; a few are such that systemd does not load the unit."""
    if chance.randrange(40) == 0:
        return chance.choice(FATAL)
    return chance.choice(PIECES).encode() + chance.choice(BYTES)


def report(path: Path) -> Report:
    return examine([load(path, str(path), version())], version(), "system")[0]


def places(found: Report) -> dict[str, set[int]]:
    """Where systemd would complain, by mkunit; it reads a file up to the first line that it refuses."""
    last = {parsed.unit.origin.path: parsed for parsed in found.loaded.files if parsed.unit.origin}
    all_: dict[str, set[int]] = {}
    end: dict[str, int] = {}
    for one in found.found:
        if (
            not one.origin
            or not one.origin.line
            or one.code in SILENT
            or one.code in ("contradiction", "line-too-long")
        ):
            continue
        if (
            one.directive in ("After", "Service") and one.code != "unknown-directive"
        ):  # systemd names no place for these
            continue
        line = last[one.origin.path].logged(one.origin.line)
        all_.setdefault(one.origin.path, set()).add(line)
        if "systemd does not load the unit" in one.message:
            end.setdefault(one.origin.path, line)
    return {path: {line for line in lines if line <= end.get(path, line)} for path, lines in all_.items()}


def is_refused(found: Report) -> bool:
    """Whether systemd would not load the unit, by mkunit."""
    whole = (
        "masked-unit",
        "incomplete-unit",
        "contradiction",
        "no-listener",
        "accept-not-a-stream",
        "accept-with-service",
    )
    return any(
        one.severity is Severity.ERROR and (one.code in whole or "systemd does not load the unit" in one.message)
        for one in found.found
    )


def compare(folder: Path, names: list[str]) -> list[str]:
    """In what mkunit and the real systemd differ."""
    opinion = verify(folder, *names)
    differences = []
    for name in names:
        path = folder / name
        found = report(path)
        ours = places(found)
        for file in {str(path), *ours}:
            theirs = opinion.places.get(file, frozenset())
            if theirs != ours.get(file, set()):
                differences.append(
                    f"{name}: systemd {sorted(theirs)}, mkunit {sorted(ours.get(file, set()))}\n{path.read_bytes()!r}"
                )
        if is_refused(found) != (name in opinion.refused):
            differences.append(f"{name}: systemd refuses it: {name in opinion.refused}\n{path.read_bytes()!r}")
    return differences


if IS_THERE:

    @pytest.mark.parametrize("name", SYNTAX)
    def test_services(tmp_path: Path, name: str) -> None:
        """Each service gets the same verdict, and complaints at the same lines."""
        (tmp_path / f"{name}.service").write_bytes(f"{SERVICE}{SYNTAX[name]}".encode())
        assert compare(tmp_path, [f"{name}.service"]) == []

    def test_wholes(tmp_path: Path) -> None:
        """Units of all kinds are refused by both, or by neither."""
        for name, text in WHOLE.items():
            (tmp_path / name).write_text(text)
        opinion = verify(tmp_path, *WHOLE)
        refused = {name for name in WHOLE if is_refused(report(tmp_path / name))}
        assert refused == set(opinion.refused), opinion.output

    def test_any_files(tmp_path: Path) -> None:
        """Files put together by chance: the same verdict, and the same places."""
        chance = random.Random(7)
        names = [f"r{i}.service" for i in range(400)]
        for name in names:
            pieces = (_piece(chance) for _ in range(chance.randrange(1, 14)))
            (tmp_path / name).write_bytes(SERVICE.encode() + b"".join(pieces))
        assert compare(tmp_path, names) == []

    @pytest.mark.parametrize("bad", ["WorkingDirectory=rel", "[Unit", "Foo\x01=\udcff", 'ExecStartPre=/bin/echo "a'])
    def test_drop_in(tmp_path: Path, bad: str) -> None:
        """A fatal line of a drop-in ends the drop-in, and the unit loads."""
        (tmp_path / "a.service").write_text(SERVICE)
        (tmp_path / "a.service.d").mkdir()
        text = f"[Service]\nFoo=1\n{bad}\nBar=2\n".encode("utf-8", "surrogateescape")
        (tmp_path / "a.service.d/1.conf").write_bytes(text)
        (tmp_path / "a.service.d/2.conf").write_text("[Service]\nBaz=3\n")
        assert compare(tmp_path, ["a.service"]) == []

    def test_longest(tmp_path: Path) -> None:
        """A line of 1 MiB keeps the unit from loading, one that is a byte shorter does not."""
        for name, length in (("a.service", 1 << 20), ("b.service", (1 << 20) - 1)):
            (tmp_path / name).write_text(f"{SERVICE}#{'x' * (length - 1)}\n")
        half = "x" * ((1 << 19) - 1)
        (tmp_path / "c.service").write_text(f"{SERVICE}X-A=\\\n{half}\\\n{half[5:]}\n")
        (tmp_path / "d.service").write_text(f"{SERVICE}X-A=\\\n{half}\\\n{half}\n")
        refused = {
            name for name in ("a.service", "b.service", "c.service", "d.service") if is_refused(report(tmp_path / name))
        }
        assert refused == set(verify(tmp_path, *(f"{name}.service" for name in "abcd")).refused)

    def test_drop_ins_order(tmp_path: Path) -> None:
        """The drop-ins that mkunit finds, of names, templates, prefixes and kinds, are those that systemd reads."""
        names = [
            "a-b-c.service",
            "a-b-.service",
            "a-.service",
            "a-b@i.service",
            "a-@i.service",
            "a-b@.service",
            "a-@.service",
            "-.service",
        ]
        for name in ("a-b-c.service", "a-b@i.service", "a-b@.service"):
            (tmp_path / name).write_text(SERVICE)
        for i, name in enumerate([*names, "service"]):
            (tmp_path / f"{name}.d").mkdir()
            for file in (f"{i}.conf", "same.conf"):
                (tmp_path / f"{name}.d" / file).write_text("[Service]\nFoo=1\n")
        for name in ("a-b-c.service", "a-b@i.service"):
            read = set(verify(tmp_path, name).places)
            found = load(tmp_path / name, str(tmp_path / name))
            assert {parsed.unit.origin.path for parsed in found.files[1:] if parsed.unit.origin} == read
