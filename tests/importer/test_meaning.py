"""The comparison that an import stands on: what is the same to systemd, and what is not."""

import pytest

from mkunit import parser
from mkunit.importer import proof

SAME = [
    ("[Service]\nExecStart=/bin/a   b\n", "[Service]\nExecStart=/bin/a b\n"),
    ("[Service]\nExecStart=/bin/a 'b c'\n", '[Service]\nExecStart=/bin/a "b c"\n'),
    ("[Service]\nExecStart=/bin/a 'b'\\''c'\n", '[Service]\nExecStart=/bin/a "b\'c"\n'),
    ("[Service]\nExecStart=-@/bin/a x\n", "[Service]\nExecStart=@-/bin/a x\n"),
    ("[Service]\nExecStart=/bin/a --x=$Y\n", "[Service]\nExecStart=/bin/a --x=$$Y\n"),
    ("[Service]\nExecStart=/bin/a \\\n  b\n", "[Service]\nExecStart=/bin/a b\n"),
    ("[Unit]\nAfter=a.target\nAfter=b.target\n", "[Unit]\nAfter=a.target b.target\n"),
    ("[Service]\nEnvironment=A=1 B=2\n", '[Service]\nEnvironment="B=2"\nEnvironment=A=1\n'),
    ("[Service]\nEnvironment=A=1\nEnvironment=A=2\n", "[Service]\nEnvironment=A=2\n"),
    ("[Service]\nPrivateTmp=true\nUMask=22\n", "[Service]\nUMask=0022\nPrivateTmp=yes\n"),
    ("[Service]\nUser=a\nUser=b\n", "[Service]\nUser=b\n"),
    ("[Service]\nUser=a\nRestart=nonsense\n", "[Service]\nUser=a\n"),
    ("[Service]\nExecStart=/bin/a\nExecStart=\nExecStart=/bin/b\n", "[Service]\nExecStart=/bin/b\n"),
    ("[Unit]\nAfter=nonsense b.target\n", "[Unit]\nAfter=b.target\n"),
    ("[Unit]\nConditionPathExists=/a\nConditionUser=\n", "[Unit]\n"),
]
DIFFERENT = [
    ("[Service]\nExecStart=/bin/a b\n", "[Service]\nExecStart=/bin/a 'b '\n"),
    ("[Service]\nExecStart=/bin/a b\n", "[Service]\nExecStart=-/bin/a b\n"),
    ("[Service]\nExecStart=/bin/a $B\n", "[Service]\nExecStart=/bin/a $$B\n"),
    ("[Service]\nExecStart=/bin/a ${B}\n", "[Service]\nExecStart=/bin/a $B\n"),
    ("[Service]\nExecStart=/bin/a %h\n", "[Service]\nExecStart=/bin/a %%h\n"),
    ("[Service]\nExecStart=/bin/a \\;\n", "[Service]\nExecStart=/bin/a ;\n"),
    ("[Service]\nExecStart=:/bin/a $B\n", "[Service]\nExecStart=/bin/a $B\n"),
    ("[Service]\nType=oneshot\nExecStart=/bin/a\nExecStart=/bin/b\n", "[Service]\nType=oneshot\nExecStart=/bin/b\nExecStart=/bin/a\n"),
    ("[Unit]\nAfter=a.target\n", "[Unit]\nBefore=a.target\n"),
    ("[Unit]\nAfter=a.target\n", "[Unit]\n"),
    ("[Service]\nSystemCallFilter=@system-service\nSystemCallFilter=~@clock\n", "[Service]\nSystemCallFilter=@system-service ~@clock\n"),
    ("[Service]\nRestrictNamespaces=yes\nRestrictNamespaces=net\n", "[Service]\nRestrictNamespaces=yes net\n"),
    ("[Service]\nCapabilityBoundingSet=\n", "[Service]\n"),
    ("[Service]\nEnvironment=A=1\n", "[Service]\nEnvironment=A=2\n"),
    ("[Service]\nEnvironment=A=1 A=2\n", "[Service]\nEnvironment=A=2 A=1\n"),
    ("[Service]\nX-Own=a\n", "[Service]\nX-Own=b\n"),
    ("[Install]\nWantedBy=a.target\n", "[Install]\nRequiredBy=a.target\n"),
]  # fmt: skip


def compared(before: str, after: str, name: str = "a.service", dropin: str | None = None) -> str:
    units = [parser.parse(text.encode(), name, name, dropin).unit for text in (before, after)]
    first, second = (proof.means([unit], "system") for unit in units)
    return proof.difference(first, second)


@pytest.mark.parametrize(("before", "after"), SAME)
def test_same(before: str, after: str) -> None:
    assert compared(before, after) == ""


@pytest.mark.parametrize(("before", "after"), DIFFERENT)
def test_different(before: str, after: str) -> None:
    assert compared(before, after) != ""


def test_resets_count_in_drop_ins() -> None:
    """What is below is somebody else's: taking it back is what the drop-in is for."""
    reset, plain = "[Service]\nExecStart=\nExecStart=/bin/a\n", "[Service]\nExecStart=/bin/a\n"
    assert compared(reset, plain, dropin="a.conf") != ""
    assert compared(reset, plain) == ""


def test_the_order_of_listeners_counts() -> None:
    """File descriptors are passed in it, across kinds of listeners."""
    first, second = "[Socket]\nListenStream=1\nListenDatagram=2\n", "[Socket]\nListenDatagram=2\nListenStream=1\n"
    assert compared(first, second, "a.socket") != ""
