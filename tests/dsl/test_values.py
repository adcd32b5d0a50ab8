"""Values: what Python gives and what stands in the file."""

import enum
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path, PurePosixPath

import pytest

from mkunit import DropIn, MkunitError, Service, Target, Unit, cmd, literal, raw


class Restart(enum.Enum):
    FAILURE = "on-failure"


class Word(enum.StrEnum):
    FAILURE = "on-failure"


class Number(enum.IntEnum):
    FIVE = 5


class Mixed(int, enum.Enum):
    FIVE = 5


API = Service("api")


def lines(unit: Unit) -> list[str]:
    return [f"{e.name}={e.value}" for e in unit.entries if e.name != "Description"]


@pytest.mark.parametrize(
    ("keywords", "expected"),
    [
        ({"user": None}, []),
        ({"private_tmp": True}, ["PrivateTmp=yes"]),
        ({"private_tmp": False}, ["PrivateTmp=no"]),
        ({"nice": 5}, ["Nice=5"]),
        ({"nice": -5}, ["Nice=-5"]),
        ({"restart_sec": 0.25}, ["RestartSec=0.25"]),
        ({"restart_sec": 5.0}, ["RestartSec=5"]),
        ({"restart_sec": 1e2}, ["RestartSec=100"]),
        ({"restart_sec": 1e-6}, ["RestartSec=0.000001"]),
        ({"restart_sec": 1e-9}, ["RestartSec=0.000000001"]),
        ({"timeout_start_sec": float("inf")}, ["TimeoutStartSec=infinity"]),
        ({"working_directory": Path("/a b")}, ["WorkingDirectory=/a b"]),
        ({"working_directory": PurePosixPath("/x/../y".replace("/..", ""))}, ["WorkingDirectory=/x/y"]),
        ({"restart": Restart.FAILURE}, ["Restart=on-failure"]),
        ({"restart": Word.FAILURE}, ["Restart=on-failure"]),
        ({"nice": Number.FIVE}, ["Nice=5"]),
        ({"nice": Mixed.FIVE}, ["Nice=5"]),
        ({"runtime_max_sec": timedelta(minutes=90, milliseconds=5)}, ["RuntimeMaxSec=1h 30min 5ms"]),
        ({"runtime_max_sec": timedelta(days=2, microseconds=7)}, ["RuntimeMaxSec=2d 7us"]),
        ({"restart_sec": timedelta()}, ["RestartSec=0"]),
        ({"after": API}, ["After=api.service"]),
        ({"after": [API, "x.target", Target("t")]}, ["After=api.service x.target t.target"]),
        ({"after": ("b.service", "a.service")}, ["After=b.service a.service"]),
        pytest.param({"after": {"b.service", API, "c.service"}}, ["After=api.service b.service c.service"], id="set"),
        pytest.param({"after": frozenset({"b.service", "a.service"})}, ["After=a.service b.service"], id="frozenset"),
        ({"user": ["api"]}, ["User=api"]),
        ({"exec_start_pre": ["/bin/b", "-/bin/a", cmd("/bin/c", "x y")]},
         ["ExecStartPre=/bin/b", "ExecStartPre=-/bin/a", 'ExecStartPre=/bin/c "x y"']),
        ({"read_write_paths": [Path("/a b"), Path('/c"d'), "/e"]}, ['ReadWritePaths="/a b" "/c\\"d" /e']),
        ({"read_write_paths": Path("/a b")}, ['ReadWritePaths="/a b"']),
        ({"read_write_paths": [literal("/a b%")]}, ['ReadWritePaths="/a b%%"']),
        ({"syslog_identifier": literal("100%")}, ["SyslogIdentifier=100%%"]),
        ({"cpu_quota": literal("50%")}, ["CPUQuota=50%"]),
        ({"cpu_quota": "50%"}, ["CPUQuota=50%"]),
        ({"environment": {"A": "b c", "N": 5, "F": 0.5, "P": Path("/x y"), "U": API, "E": Word.FAILURE, "X": None}},
         ['Environment="A=b c"', "Environment=N=5", "Environment=F=0.5", 'Environment="P=/x y"', "Environment=U=api.service",
          "Environment=E=on-failure"]),
        ({"environment": {"A": raw("%h"), "B": literal("%h"), "C": "%h $x"}},
         ["Environment=A=%h", "Environment=B=%%h", 'Environment="C=%%h $x"']),
        ({"environment": ["A=b", '"C=d e"']}, ['Environment=A=b "C=d e"']),
        ({"environment": "A=%h"}, ["Environment=A=%h"]),
        ({"exec_start": "/bin/x 'a b' $C %n"}, ["ExecStart=/bin/x 'a b' $C %n"]),
    ],
    ids=repr,
)  # fmt: skip
def test_a_value_and_its_text(keywords: dict[str, object], expected: list[str]) -> None:
    """A str stays as it is; data is quoted; lists repeat or are joined as the directive reads them."""
    assert lines(Service("a", **keywords)) == expected


@pytest.mark.parametrize(
    ("keywords", "expected"),
    [
        ({"exec_start": []}, ["ExecStart="]),
        ({"exec_start": ["", cmd("/bin/x")]}, ["ExecStart=", "ExecStart=/bin/x"]),
        ({"exec_start": ""}, ["ExecStart="]),
        ({"environment": {}}, ["Environment="]),
        ({"environment": ["", "A=b", "C=d"]}, ["Environment=", "Environment=A=b C=d"]),
        ({"environment": ["A=b", "", "C=d"]}, ["Environment=", "Environment=C=d"]),
        ({"environment": ["A=b", ""]}, ["Environment="]),
        ({"read_write_paths": ["", Path("/a b")]}, ["ReadWritePaths=", 'ReadWritePaths="/a b"']),
        ({"read_write_paths": ()}, ["ReadWritePaths="]),
        ({"read_write_paths": set()}, ["ReadWritePaths="]),
        ({"condition_path_exists": []}, ["ConditionPathExists="]),
    ],
    ids=repr,
)
def test_a_drop_in_resets_lists(keywords: dict[str, object], expected: list[str]) -> None:
    """An empty list does, and an empty text among others does it on a line of its own."""
    assert lines(DropIn("a.service", **keywords)) == expected


@pytest.mark.parametrize("keyword", ["after", "wants", "requires_mounts_for"])
def test_dependencies_cannot_be_taken_back(keyword: str) -> None:
    """In a drop-in systemd would ignore it; in a whole unit there is nothing to take back."""
    with pytest.raises(MkunitError, match="has no effect"):
        DropIn("a.service", **{keyword: []})
    assert lines(Service("a", **{keyword: []})) == []


@pytest.mark.parametrize(
    ("keywords", "message", "hint"),
    [
        ({"user": b"api"}, "`user` takes no value of type bytes", "decode it to a str"),
        pytest.param({"user": object()}, "takes no value of type object", "make it a str", id="object"),
        ({"user": {"a": "b"}}, "`user` takes no dict", "give it a str, or a list"),
        ({"user": ["a", "b"]}, "`user` takes one value, not a list", "the one that is to hold"),
        ({"after": ["a.service", None]}, "takes no None in a list", "leave it out of the list"),
        ({"after": [["a.service"]]}, "takes no value of type list", "give one flat list"),
        ({"environment": [{"A": "b"}]}, "takes no value of type dict", "give the dict by itself"),
        ({"environment": {"A": True}}, "the variable `A` of type bool", "as a str"),
        ({"environment": {"A": ["b"]}}, "the variable `A` of type list", "as a str"),
        ({"environment": {5: "b"}}, "a variable whose name is of type int", "as a str"),
        ({"environment": {"A B": "b"}}, "not an assignment", "ASCII letters"),
        ({"environment": {"A": "\0"}}, "the variable 'A', whose value is not possible", "leave it out"),
        ({"description": cmd("/bin/x")}, "`description` takes no command line", "write its value as a str"),
        ({"description": raw("x")}, r"`description` takes no raw\(\) by itself", "write its value as a str"),
        ({"exec_start": "/bin/x \n y"}, "contains a line break", "cmd()"),
        ({"environment": "A=\t"}, "contains the control character", "as a dict"),
        ({"description": "a\x1b[1m"}, r"contains the control character '\\x1b'", "leave it out"),
        ({"description": "\ud800"}, "which is no character", "leave it out"),
        ({"description": "\ufffe"}, "which is no character", "leave it out"),
        ({"description": "a\\"}, "would join the next line", "leave it out, or write two"),
        ({"description": literal("a\\")}, "would join the next line", "leave it out, or write two"),
        ({"description": literal("a\nb")}, "contains a line break", "leave it out"),
        ({"description": literal(" a")}, "begins or ends with a blank", "leave the blank out"),
        ({"working_directory": Path("/a ")}, "begins or ends with a blank", "leave the blank out"),
        ({"description": "x" * (1 << 20)}, "longer than the 1 MiB", "in a file"),
        ({"restart_sec": float("nan")}, "not a time span", "time span such as"),
        ({"runtime_max_sec": timedelta(seconds=-1)}, "a negative time span", "a positive one"),
        ({"nice": True}, "not a whole number", "whole number"),
        ({"nice": 100}, "out of range", "-20 to 19"),
        ({"after": "network"}, "not the name of a unit", "network.target"),
    ],
    ids=repr,
)  # fmt: skip
def test_a_value_that_is_refused(keywords: dict[str, object], message: str, hint: str) -> None:
    """One error, with the keyword, what is wrong, and what to write instead."""
    with pytest.raises(MkunitError, match=message) as caught:
        Service("a", **keywords)
    (found,) = caught.value.diagnostics
    assert f"`{next(iter(keywords))}`" in found.message
    assert hint in str(found.hint)


@pytest.mark.parametrize("text", ["a\\\\", "\\\\", "a\\b"])
def test_backslashes_that_join_no_lines(text: str) -> None:
    """An even number at the end, and any elsewhere, is systemd's own syntax."""
    assert lines(Service("a", syslog_identifier=text)) == [f"SyslogIdentifier={text}"]


@pytest.mark.parametrize(
    ("make", "message", "hint"),
    [
        (lambda: cmd(""), "the program's name is empty", "absolute path"),
        (lambda: cmd(raw("")), "the program's name is empty", "absolute path"),
        (lambda: cmd("/x", None), "None is no argument", "leave it out"),
        (lambda: cmd("/x", ["a"]), "a list is no argument", "*arguments"),
        (lambda: cmd("/x", True), "`True` is no argument", 'such as "yes"'),
        (lambda: cmd("/x", b"a"), "a bytes is no argument", "as a str"),
        (lambda: cmd("/x", literal("a")), "a Literal is no argument", "as a str"),
        (lambda: cmd("/x", argv0=5), "argv0= takes a str, not int", "as a str"),
        (lambda: cmd("/x", full_privileges=True, no_setuid=True), "only one of", ""),
        (lambda: cmd("-/x"), "read the `-` of `-/x` as a prefix", "cmd('/x', …, ignore_failure=True)"),
        (lambda: literal(5), r"literal\(\) takes a str, not int", "as a str"),
        (lambda: raw(None), r"raw\(\) takes a str, not NoneType", "as a str"),
    ],
)
def test_a_word_that_is_refused(make: object, message: str, hint: str) -> None:
    """With the place of the call."""
    with pytest.raises(MkunitError, match=message) as caught:
        make()
    (found,) = caught.value.diagnostics
    assert hint in str(found.hint)
    assert found.origin is not None
    assert found.origin.path == __file__


@pytest.mark.parametrize(
    ("argument", "expected"),
    [(5, "5"), (0.5, "0.5"), (Path("/a b"), '"/a b"'), (API, "api.service"), (Word.FAILURE, "on-failure"),
     (Restart.FAILURE, "on-failure"), (Number.FIVE, "5"), (Mixed.FIVE, "5")],
)  # fmt: skip
def test_arguments_print_as_themselves(argument: object, expected: str) -> None:
    """Numbers, paths, units and members of enumerations."""
    assert lines(Service("a", exec_start=cmd("/x", argument))) == [f"ExecStart=/x {expected}"]


@pytest.mark.parametrize("word", ["<", ">", "|", "&&", "$X/y", "${X:-y}", "+%F"])
def test_data_is_taken_for_what_it_is(word: str) -> None:
    """What would be a slip of the pen in a str is an argument in `cmd()`."""
    assert Service("a", exec_start=cmd("/bin/expr", "1", word, "2"))


def test_values_are_not_kept() -> None:
    """A list that is changed later changes no unit, and an iterator is no list."""
    after = ["a.service"]
    unit = Service("a", after=after)
    after.append("b.service")
    assert lines(unit) == ["After=a.service"]

    def names() -> Iterator[str]:
        yield "a.service"

    with pytest.raises(MkunitError, match="takes no value of type generator"):
        Service("a", after=names())
