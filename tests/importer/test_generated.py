"""Unit files that nobody wrote: each becomes Python that means the same, or is refused in words."""

import time

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mkunit import catalog, importer, parser
from mkunit.errors import MkunitError, ParseError

KINDS = [kind for kind in catalog.kinds() if kind != "scope"]
NAMES = {"mount": "srv-a.mount", "automount": "srv-a.automount", "swap": "dev-a.swap"}
QUICK = settings(
    max_examples=300, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


def convert(data: bytes, name: str, dropin: str | None = None, scope: str = "system") -> importer.Imported:
    parsed = parser.parse(data, name, name, dropin)
    return importer.convert([importer.sheet(parsed, scope)], "system", "x.")


def name_of(kind: str) -> str:
    return NAMES.get(kind, f"a.{kind}")


# Values that are right, written as people write them.
VALUES = {
    "exec": [
        "/bin/a", "-/bin/a  b", "/bin/sh -c 'echo \"$$HOME\" 100%%'", "@/bin/a b c", "!!/bin/a", ":/bin/a $x", "/bin/a \\;",
        "/bin/a \"\" 'x y'\"z\"", "/bin/a ; /bin/b", "/bin/a %h ${X}", r"/bin/a \x41\n\t", "+-/bin/a", "/bin/a $X",
        "/bin/a --long-option=one --long-option=two --long-option=three --long-option=four --long-option=five",
    ],
    "environ": ["A=b", "A='b c' D=e", '"A=%h"', "A=", r"A=\x41 B=100%%", "A=1 A=2", 'LONG="a b" C'],
    "bool": ["yes", "true", "1", "on", "NO", "off", "0"],
    "tristate": ["yes", "true", "0"],
    "mode": ["0644", "644", "7", "1777"],
    "unit_deps": ["a.target", "a.target  b.service", "a@%i.service"],
    "unit_string_printf": ["text", "with  blanks, \"quotes\" and 'more'", "50% off", "it's", "ünï"],
    "install_units": ["multi-user.target", "a.target b.target"],
    "condition_path": ["/a", "!/b", "|/c", "|!/d e"],
    "socket_listen_stream": ["80", "127.0.0.1:80", "/run/a b", "@x", "[::1]:80"],
    "socket_listen_datagram": ["80", "127.0.0.1:80", "/run/a"],
    "capability_set": ["CAP_CHOWN", "CAP_CHOWN CAP_KILL", "~CAP_CHOWN"],
    "syscall_filter": ["@system-service", "~@clock", "read write"],
    "namespace_path_strv": ["/a", "/a -/b", "'/a b'"],
    "timer_calendar": ["daily", "*-*-* 4:00"],
    "sec": ["5", "5min", "infinity"],
    "timer_span": ["5", "5min"],
    "protect_system": ["yes", "true", "full", "strict"],
    "exec_directories": ["a", "a b", "a:b"],
    "user_group_compat": ["a"],
    "unsigned": ["5", "100"],
    "documentation": ["man:a(1)", "man:a(1) https://example.org/%%20"],
    "socket_service": ["b.service", "a.service"],
    "trigger_unit": ["b.service", "a.service"],
}  # fmt: skip
GAPS = ["", " ", "\t", "  "]


@st.composite
def assignments(draw: st.DrawFn, kind: str, section: str) -> str:
    rows = [row for row in catalog.directives(section).values() if row.value in VALUES]
    row = draw(st.sampled_from(rows))
    value = draw(st.sampled_from(["", *VALUES[row.value] * 3]))
    if draw(st.booleans()) and "  " in value:
        comment = draw(st.sampled_from(["", "# between\n", "; between\n"]))
        value = value.replace("  ", f" \\\n{comment}  ", 1)
    gap = draw(st.sampled_from(GAPS))
    return f"{gap}{row.name}{gap}={gap}{value}{gap}"


@st.composite
def unit_files(draw: st.DrawFn) -> tuple[str, bytes]:
    """A file that systemd reads, with all that its syntax allows."""
    kind = draw(st.sampled_from(KINDS))
    lines = []
    for section in draw(st.lists(st.sampled_from(catalog.sections(kind)), min_size=1, max_size=4)):
        lines += draw(st.lists(st.sampled_from(["# a comment", ";another", "", "#"]), max_size=2))
        lines.append(f"[{section}]")
        extra = st.sampled_from(["X-Own=a b", "Unknown=x", "# on  a line", "no equals", "NoSuch"])
        lines += draw(st.lists(assignments(kind, section) | extra, max_size=6))
    end = draw(st.sampled_from(["\n", "\r\n", "\n\n"]))
    data = end.join(lines).replace("\n", end).encode() + end.encode() * draw(st.integers(0, 1))
    return kind, draw(st.sampled_from([b"", b"\xef\xbb\xbf", b"# caf\xe9\n"])) + data


def test_what_systemd_reads_is_imported() -> None:
    """Whole units and drop-ins; the proof is the import's own, what is refused has a reason."""
    outcomes = {True: 0, False: 0}
    reasons: set[str] = set()

    @QUICK
    @given(unit_files(), st.booleans(), st.sampled_from(["system", "user"]))
    def check(made: tuple[str, bytes], is_dropin: bool, scope: str) -> None:
        kind, data = made
        try:
            convert(data, name_of(kind), "10-a.conf" if is_dropin else None, scope)
        except ParseError as error:
            outcomes[False] += 1
            reasons.update(found.code for found in error.diagnostics)
        else:
            outcomes[True] += 1

    check()
    assert "import-differs" not in reasons
    assert outcomes[True] > 3 * outcomes[False], (outcomes, reasons)


PIECES = st.sampled_from([
    b"[Unit]\n", b"[Service]\n", b"[Install]\n", b"[X-A]\n", b"[", b"]", b"=", b"\\\n", b"\\", b"\n", b"\r", b"\0", b"'", b'"',
    b"%", b"%%", b"$", b"$$", b";", b"#", b"~", b" ", b"\t", b"ExecStart=", b"/bin/a", b"Environment=", b"A=b", b"After=", b"a.service",
    b"Description=", b"\xff", b"\xc3\xa9", b"\xe2\x80\xa8", b"\xef\xbf\xbf", b"\x1b", b"\x0c", b"coding: latin-1", b"CapabilityBoundingSet=",
    b"\"\"\"", b"'''", b"{}", b"User=", b"Type=oneshot\n", b"Where=/a", b"ListenStream=", b"Service=", b"WantedBy=", b"UMask=", b"RestrictNamespaces=",
])  # fmt: skip
ODD_NAMES = st.sampled_from(
    ["a.service", "a.socket.service", "class.service", "print.service", "-.mount", "a\\x2db.mount", "\\xzz.mount", "a@.socket",
     "a@b.timer", "1.target", "-.slice", "a-b.slice", "x.device", "x.scope", "a\\x00b.swap", "home-a.automount", "cmd.service",
     "\\xff.mount", "-a.swap", "a--b.mount"]
)  # fmt: skip


@QUICK
@given(
    st.lists(PIECES | st.binary(max_size=4), max_size=30).map(b"".join),
    ODD_NAMES,
    st.sampled_from([None, "a.conf", "a'b.conf"]),
)
@example(b"[Service]\nExecStart=/bin/a \\\n", "a.service", None)
@example(b"[Unit]\nDescription=a\tb\n", "a.target", None)
def test_nothing_ends_in_a_traceback(data: bytes, name: str, dropin: str | None) -> None:
    """Any bytes, under any name, as a unit or as a drop-in: an answer or a refusal."""
    try:
        made = convert(data, name, dropin)
    except MkunitError as error:
        assert error.diagnostics and all(found.code != "python-error" for found in error.diagnostics)
        assert all(found.code not in ("import-differs", "syntax-error") for found in error.diagnostics), str(error)
    else:
        compile(made.text, "made", "exec")


BIG = {
    "variables": lambda size: "[Service]\n" + "".join(f"Environment=A{i}='b c'\n" for i in range(size)),
    "one line of variables": lambda size: "[Service]\nEnvironment=" + " ".join(f"A{i}=b" for i in range(size)) + "\n",
    "lists": lambda size: "[Unit]\n" + "".join(f"After=a{i}.service\n" for i in range(size)),
    "commands": lambda size: "[Service]\nType=oneshot\n" + "".join(f"ExecStart=/bin/a 'b {i}'\n" for i in range(size)),
    "comments": lambda size: "[Service]\n" + "# a\nExecStartPre=/bin/a\n" * size,
    "unknown": lambda size: "[Service]\n" + "".join(f"X-A{i}=b\n" for i in range(size)),
    "a long command": lambda size: "[Service]\nExecStart=/bin/a " + "'x y' " * size + "\n",
    "a long script": lambda size: "[Service]\nExecStart=/bin/sh -c '" + "echo a; " * size + "'\n",
    "backslashes": lambda size: "[Service]\nExecStart=/bin/a " + "\\\\" * size + "\n",
    "continuations": lambda size: "[Service]\nExecStart=/bin/a" + " \\\n  b" * size + "\n",
    "headers": lambda size: "[Unit]\nAfter=a.target\n" * size,
    "the same": lambda size: "[Service]\n" + "User=a\n" * size,
    "listeners": lambda size: "[Socket]\n" + "ListenStream=80\n# c\n" * size,
}


@pytest.mark.parametrize("what", BIG)
def test_time_grows_with_the_size(what: str) -> None:
    """Eight times as much takes no more than sixteen times as long, and a line is done in a millisecond."""
    name = "a.socket" if what == "listeners" else "a.service"

    def took(size: int) -> float:
        start = time.process_time()
        convert(BIG[what](size).encode(), name)
        return time.process_time() - start

    took(100)
    small, large = took(500), min(took(4000) for _ in range(2))  # another process may be in the way of one
    assert large < max(16 * small, 0.3)
    assert large < 4
