"""Quoting, judged by the real systemd: what goes into `cmd()` and `environment=` is what the process gets."""

import random
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest

from mkunit import MkunitError, Service, Unit, cmd, literal, raw
from mkunit.model.value import Command
from mkunit.renderer import text
from mkunit.testing.machine import Machine

UNITS = "/run/systemd/system"
DUMPS = "/run/dumps"

WORDS = [
    "", " ", "  ", "a b", " a", "a ", "a  b", "\t", "a\tb", "\n", "a\nb", "\r\n", "\v\f\a\b", "\x01", "\x1b[1m", "\x7f",
    "'", '"', "''", '""', "it's", 'say "hi"', "'\"'", "\\", "\\\\", "\\n", "a\\", "\\ ", "\\'", '\\"', "\\x41", "\\q",
    "%", "%%", "%n", "%h", "%%n", "100%", "%d%i", "date +%F", "%Y-%m-%d", "$", "$$", "$$$", "$HOME", "${HOME}", "$X",
    "a$X", "$X/y", "${X}y", "${X:-y}", "${", "$(id)", "`id`", "$1", "${1}", "$@", ";", ";;", "\\;", "a;b", "; ", "#", "# a",
    "-", "--", "-x", "@", ":", "+", "!", "!!", "|", "||", "|x", "&&", ">", "<", ">>", "*", "?", "~", "~/x", "=", "a=b", ",",
    "[Service]", "[Install]\nWantedBy=x", "ExecStart=/bin/false", "é", "ß", "日本語", "🙂", "👩‍👩‍👧", "\u00a0", "\u0085", "\u2028",
    "\u2029", "\ufeff", "\u200b", "\u00ad", "\ue000", "\ufffd", "\ufffe", "\ufdd0", "\U0001fffe", "\U0010ffff", "\u0378",
    "x" * 5000, "é%$\"'\\ \n" * 400,
]  # fmt: skip
"""What has a meaning somewhere: to systemd, to a shell, to an editor."""

PIECES = [
    *" \t\n'\"\\%$;#=-@:+!|{}()[]",
    "${X}",
    "$X",
    "%n",
    "\\x",
    "ab",
    "é",
    "🙂",
    "\u00a0",
    "\u2028",
    "\x7f",
    "\x03",
]


def random_words(seed: int, count: int) -> Iterator[str]:
    """Texts of a few pieces each, the same for the same seed."""
    dice = random.Random(seed)
    for _ in range(count):
        yield "".join(dice.choices(PIECES, k=dice.randrange(1, 9)))


def dumping(kind: str, place: str) -> str:
    """A shell script that keeps what the kernel knows of its own process."""
    return f'cat /proc/$$/{kind} >"{DUMPS}/{place}"'


def strings(dump: bytes) -> list[str]:
    return dump.decode("utf-8").split("\0")[:-1]


def run(machine: Machine, units: Iterable[Unit]) -> None:
    """Have the real systemd run oneshot services to their end."""
    names = []
    for unit in units:
        machine.write(f"{UNITS}/{unit.name}", text(unit))
        names.append(unit.name)
    machine.run("systemctl", "daemon-reload")
    machine.run("systemctl", "start", *names)


def dump(machine: Machine, place: object) -> list[str]:
    return strings(machine.path(f"{DUMPS}/{place}").read_bytes())


@pytest.fixture(scope="module", autouse=True)
def folder(machine: Machine) -> None:
    """Where the processes leave what they were given."""
    machine.run("mkdir", DUMPS)


def oneshot(name: str, commands: Sequence[Command], **options: object) -> Unit:
    return Service(name, type="oneshot", exec_start=list(commands), default_dependencies=False, **options)


def argv_of(machine: Machine, name: str, arguments: Sequence[Sequence[str]], **prefixes: bool) -> list[list[str]]:
    """What processes get that are started with these arguments, in services that run at the same time."""
    scripts = [dumping("cmdline", f"{name}-{place}") for place in range(len(arguments))]
    commands = [
        cmd("/bin/sh", "-c", script, *words, **prefixes) for script, words in zip(scripts, arguments, strict=True)
    ]
    run(machine, [oneshot(f"{name}-{part}", commands[part::4]) for part in range(min(4, len(commands)))])
    found = [dump(machine, f"{name}-{place}") for place in range(len(arguments))]
    for script, words in zip(scripts, found, strict=True):
        assert words[:3] == ["/bin/sh", "-c", script]
    return [words[3:] for words in found]


def test_every_word_reaches_the_process(machine: Machine) -> None:
    """A word with a meaning somewhere is alone an argument, and is one between others."""
    arguments = [[word] for word in WORDS] + [["first", *WORDS[:90], "last"]]
    assert argv_of(machine, "words", arguments) == arguments


@pytest.mark.parametrize("seed", [1, 2])
def test_any_words_reach_the_process(machine: Machine, seed: int) -> None:
    """Random words, a few in each command, arrive as they were given."""
    words = list(random_words(seed, 900))
    arguments = [words[place : place + 6] for place in range(0, len(words), 6)]
    assert argv_of(machine, f"random-{seed}", arguments) == arguments


def test_words_reach_the_process_without_expansion(machine: Machine) -> None:
    """`expand=False` turns off `$` in systemd, and nothing else changes."""
    words = [*WORDS[:90], *random_words(3, 200)]
    arguments = [words[place : place + 5] for place in range(0, len(words), 5)]
    assert argv_of(machine, "plain", arguments, expand=False) == arguments


@pytest.mark.parametrize(
    "prefixes",
    [
        {"ignore_failure": True},
        {"full_privileges": True},
        {"no_setuid": True},
        {"ambient": True},
        {"ignore_failure": True, "expand": False},
        {"ignore_failure": True, "expand": False, "full_privileges": True},
        {"expand": False, "no_setuid": True},
    ],
    ids=lambda given: "-".join(given),
)
def test_prefixes_leave_the_words_alone(machine: Machine, prefixes: dict[str, bool]) -> None:
    """With any prefixes the arguments are the same."""
    arguments = [["a b", "$X", "100%", "", ";"], ["-@:+!|", "\\"]]
    assert argv_of(machine, "-".join(prefixes), arguments, **prefixes) == arguments


def test_a_failure_can_be_ignored(machine: Machine) -> None:
    """`ignore_failure=True` lets the next command run."""
    run(machine, [oneshot("failing", [cmd("/bin/false", ignore_failure=True), cmd("/bin/sh", "-c", "exit 0")])])
    assert machine.show("failing.service", "Result") == {"Result": "success"}


NAMES = ["", "-sh", "a b", "$X", "${X}", "$$", "100%", "%n", "é 🙂", "\\", "'", '"', ";", "@x", "a\nb", "x" * 300]


@pytest.mark.parametrize("expand", [True, False], ids=["expand", "plain"])
def test_argv0_reaches_the_process(machine: Machine, expand: bool) -> None:
    """`argv0=` is the name that the process sees, whatever stands in it."""
    scripts = [dumping("cmdline", f"argv0-{expand}-{place}") for place in range(len(NAMES))]
    pairs = list(zip(NAMES, scripts, strict=True))
    commands = [cmd("/bin/sh", "-c", script, "x", argv0=name, expand=expand) for name, script in pairs]
    run(machine, [oneshot(f"argv0-{expand}", commands)])
    found = [dump(machine, f"argv0-{expand}-{place}") for place in range(len(NAMES))]
    assert found == [[name, "-c", script, "x"] for name, script in pairs]


PROGRAMS = [
    f"/run/{name}/{name}"
    for name in (
        "a b",
        "a%n",
        "100%",
        "$HOME",
        "${X}",
        "a$$b",
        "a;b",
        ";",
        "é🙂",
        "-x",
        "@x",
        "#x",
        "a=b",
        "\u00a0",
        "(x)",
        "&",
    )
]


@pytest.fixture(scope="module")
def programs(machine: Machine) -> list[str]:
    """Shells whose paths have characters that systemd gives a meaning to."""
    machine.sh(
        'while read -r path; do mkdir -p "${path%/*}"; cp /bin/sh "$path"; done', input="\n".join(PROGRAMS) + "\n"
    )
    return PROGRAMS


@pytest.mark.parametrize(
    "prefixes",
    [{}, {"expand": False}, {"ignore_failure": True, "full_privileges": True}, {"argv0": "a $b", "no_setuid": True}],
    ids=lambda given: "-".join(given) or "none",
)
def test_any_program_runs(machine: Machine, programs: list[str], prefixes: dict[str, object]) -> None:
    """A program is found whatever its path, and sees that path."""
    name = "program-" + "-".join(prefixes)
    scripts = [dumping("cmdline", f"{name}{place}") for place in range(len(programs))]
    pairs = list(zip(programs, scripts, strict=True))
    commands = [cmd(program, "-c", script, "$x y", **prefixes) for program, script in pairs]
    run(machine, [oneshot(name, commands)])
    expected = [[str(prefixes.get("argv0", program)), "-c", script, "$x y"] for program, script in pairs]
    assert [dump(machine, f"{name}{place}") for place in range(len(programs))] == expected


def test_a_program_without_a_path_is_searched_for(machine: Machine) -> None:
    """A plain name is looked up by systemd, and the process sees that name."""
    script = dumping("cmdline", "searched")
    run(machine, [oneshot("searched", [cmd("sh", "-c", script)])])
    assert dump(machine, "searched") == ["sh", "-c", script]


def test_raw_words_are_expanded(machine: Machine) -> None:
    """`raw()` lets systemd read `%` and `$` in one word, whose blanks and quotes still are its own."""
    script = dumping("cmdline", "raw")
    words = [raw("%p is it's %%"), "%p", raw("${GREETING}!"), "${GREETING}!", raw('a "b" \\ c')]
    run(machine, [oneshot("raw", [cmd("/bin/sh", "-c", script, *words)], environment={"GREETING": "a  $b"})])
    assert dump(machine, "raw")[3:] == ["raw is it's %", "%p", "a  $b!", "${GREETING}!", 'a "b" \\ c']


def values_of(words: Iterable[str]) -> dict[str, str]:
    return {f"V{place}": word for place, word in enumerate(words)}


def environ(machine: Machine, name: str, values: dict[str, object]) -> dict[str, str]:
    """The variables of those names that a process gets."""
    run(machine, [oneshot(name, [cmd("/bin/sh", "-c", dumping("environ", name))], environment=values)])
    found = dict(entry.partition("=")[::2] for entry in dump(machine, name))
    return {key: value for key, value in found.items() if key in values}


ENCODABLE = [word for word in WORDS if not set(word) & set("\ufffe\ufdd0\U0001fffe\U0010ffff")]


def test_every_value_reaches_the_environment(machine: Machine) -> None:
    """Each word is the value of a variable, exactly."""
    values = values_of(ENCODABLE)
    assert environ(machine, "environ", dict(values)) == values


def test_any_values_reach_the_environment(machine: Machine) -> None:
    """Random values arrive as they were given."""
    values = values_of(random_words(4, 1500))
    assert environ(machine, "environ-random", dict(values)) == values


def test_raw_and_literal_values(machine: Machine) -> None:
    """In a `raw()` value systemd reads `%`; in a `literal()` one it does not, nor in a str."""
    given = {"R": raw("%p 50%%"), "L": literal("%p 50%"), "S": "%p 50%", "N": 5, "P": Path("/a b")}
    assert environ(machine, "environ-raw", dict(given)) == {
        "R": "environ-raw 50%", "L": "%p 50%", "S": "%p 50%", "N": "5", "P": "/a b",
    }  # fmt: skip


@pytest.mark.parametrize("word", ["\0", "a\0b", "\ud800", "a\udcffb", "\udfff"], ids=ascii)
def test_what_no_process_can_be_given_is_refused(word: str) -> None:
    """NUL ends a string in every process, and half of a surrogate pair is no text."""
    with pytest.raises(MkunitError):
        cmd("/bin/x", word)
    with pytest.raises(MkunitError):
        cmd("/bin/x", raw(word))
    with pytest.raises(MkunitError):
        cmd("/bin/x", argv0=word)
    with pytest.raises(MkunitError):
        Service("a", exec_start=cmd(f"/bin/{word}"))
    with pytest.raises(MkunitError):
        Service("a", environment={"A": word})


@pytest.mark.parametrize("word", ["\ufffe", "\uffff", "\ufdd0", "\U0001fffe"], ids=ascii)
def test_an_environment_holds_no_noncharacters(word: str) -> None:
    """systemd drops a variable whose value it does not hold for text; here that is an error."""
    with pytest.raises(MkunitError):
        Service("a", environment={"A": word})


@pytest.mark.parametrize(
    "name", ['/bin/a"b', "/bin/it's", "/bin/a\\b", "/bin/a\nb", "/bin/a\x7f", "bin/a", "./a", "/bin/", ""]
)
def test_programs_that_systemd_refuses(name: str) -> None:
    """systemd takes no quotes, backslashes and control characters in a program's path, and no relative one."""
    with pytest.raises(MkunitError):
        Service("a", exec_start=cmd(name))


@pytest.mark.parametrize(("program", "hint"), [("-/bin/x", "ignore_failure=True"), ("@/bin/x", "argv0="), (":x", "expand=False"),
    ("+/x", "full_privileges=True"), ("!/x", "no_setuid=True"), ("|/x", "login_shell=True")])  # fmt: skip
def test_a_prefix_is_no_part_of_a_program(program: str, hint: str) -> None:
    """What systemd would read as a prefix is an error that names the keyword."""
    with pytest.raises(MkunitError, match=hint):
        cmd(program)
