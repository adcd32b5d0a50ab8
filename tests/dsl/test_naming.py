"""Names: from what a user calls a unit to its name, its file, and the sentence that describes it."""

from pathlib import Path as FilePath

import pytest

from mkunit import Automount, DropIn, MkunitError, Mount, Path, Service, Slice, Socket, Swap, Target, Timer, Unit
from mkunit.dsl.naming import sentence


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("web", "web.service"),
        ("web@", "web@.service"),
        ("web@blue", "web@blue.service"),
        ("web.service", "web.service"),
        ("web@.service", "web@.service"),
        ("web@blue.service", "web@blue.service"),
        ("a.b", "a.b.service"),
        ("com.example.App", "com.example.App.service"),
        ("service", "service.service"),
        ("my\\x20app", "my\\x20app.service"),
        ("-", "-.service"),
        ("x" * 247, "x" * 247 + ".service"),
    ],
)
def test_a_name_with_and_without_its_suffix(given: str, expected: str) -> None:
    """Plain units, templates and instances; the right suffix is taken too."""
    assert Service(given).name == expected


@pytest.mark.parametrize(
    ("given", "message", "hint"),
    [
        ("web.socket", "`web.socket` is the name of a socket, not of a service", 'write "web", or use Socket()'),
        ("web@.timer", "is the name of a timer", 'write "web@", or use Timer()'),
        ("web.device", "is the name of a device", 'write "web"'),
        ("web.scope", "is the name of a scope", 'write "web"'),
        ("", "the name of a service is missing", 'such as "web"'),
        (".service", "the name of a service is missing", 'such as "web"'),
        (".socket", "the name of a service is missing", 'such as "web"'),
        ("@", "nothing before the `@`", 'write "web"'),
        ("@blue", "nothing before the `@`", 'write "blue"'),
        ("a b", "a blank cannot stand in a unit name", r'write "a\x20b", which is how systemd escapes it'),
        ("web@a b", "a blank cannot", r'write "web@a\x20b"'),
        ("a/b", "`/` cannot", 'write "a-b"'),
        ("ü", "`ü` cannot", r'write "\xc3\xbc"'),
        ("50%", "`%` cannot", r'write "50\x25"'),
        ("a\nb", "a control character", "ASCII letters, digits"),
        ("a\0", "a control character", "ASCII letters, digits"),
        ("a\ud800", "a control character", "ASCII letters, digits"),
        ("x" * 248, "256 bytes long, and 255 is the limit", "shorten it"),
        (5, "is a str, not 5", 'write a name such as "web"'),
        (None, "is a str, not None", 'write a name such as "web"'),
        (b"web", "is a str, not b'web'", 'write a name such as "web"'),
    ],
    ids=repr,
)
def test_what_is_wrong_with_a_name(given: object, message: str, hint: str) -> None:
    """The error says it, and what to write instead."""
    with pytest.raises(MkunitError) as caught:
        Service(given)
    found = caught.value.diagnostics[0]
    assert message in found.message
    assert hint in str(found.hint)


@pytest.mark.parametrize(
    ("given", "hint"), [("a--b", '"a-b"'), ("-a", '"a"'), ("a-", '"a"'), ("a@b", r'"a\x40b"'), ("a b", r'"a\x20b"')]
)
def test_a_slice_has_a_grammar_of_its_own(given: str, hint: str) -> None:
    """Its dashes make a tree, and it is no template."""
    with pytest.raises(MkunitError) as caught:
        Slice(given)
    assert f"write {hint}" in str(caught.value.diagnostics[0].hint)


@pytest.mark.parametrize("builder", [Mount, Automount, Swap])
@pytest.mark.parametrize(
    ("path", "stem", "shown"),
    [
        ("/mnt/my data", "mnt-my\\x20data", "/mnt/my data"),
        ("/mnt//a/./b/", "mnt-a-b", "/mnt/a/b"),
        ("/my-disk", "my\\x2ddisk", "/my-disk"),
        ("/é", "\\xc3\\xa9", "/é"),
        ("/100%", "100\\x25", "/100%%"),
        ("/.hidden", "\\x2ehidden", "/.hidden"),
        ("/", "-", "/"),
        (FilePath("/a b"), "a\\x20b", "/a b"),
    ],
    ids=repr,
)
def test_a_unit_that_is_named_after_a_path(builder: type, path: str, stem: str, shown: str) -> None:
    """The name is the escaped path, and the path stands in the file."""
    unit = builder(path)
    assert unit.name == f"{stem}.{builder.__name__.lower()}"
    assert unit.directive("What" if builder is Swap else "Where") == shown


@pytest.mark.parametrize(
    ("given", "message", "hint"),
    [
        ("mnt", "a mount takes an absolute path, not 'mnt'", "write Mount('/mnt')"),
        ("mnt-x.mount", "an absolute path", "write Mount('/mnt/x')"),
        ("my\\x20disk.mount", "an absolute path", "write Mount('/my disk')"),
        ("", "an absolute path", "write Mount('/…')"),
        (5, "an absolute path, not 5", "write Mount('/…')"),
        (b"/mnt", "an absolute path", "write Mount('/…')"),
        ("/a/../b", "contains `..`", "without it"),
        ("/a\nb", "a control character", "without"),
        ("/a ", "ends with a blank", "without"),
        ("/" + "x" * 250, "256 bytes long", "a shorter path"),
    ],
    ids=repr,
)
def test_what_is_wrong_with_a_path(given: object, message: str, hint: str) -> None:
    """The error says it, and what to write instead."""
    with pytest.raises(MkunitError) as caught:
        Mount(given)
    found = caught.value.diagnostics[0]
    assert message in found.message
    assert hint in str(found.hint)


def test_the_path_may_be_spelled_out() -> None:
    """`where=` may be given, and stands where it was given."""
    unit = Mount("/mnt/x", what="/dev/sda1", where="/mnt/x")
    assert [e.name for e in unit.entries] == ["Description", "What", "Where"]


@pytest.mark.parametrize(
    "given",
    ["nginx.service", "web@a.service", "-.slice", "session.scope", Service("nginx")],
    ids=str,
)
def test_a_drop_in_is_for_any_unit(given: str | Unit) -> None:
    """Its folder is named after the unit, by name or by what a builder gave."""
    assert DropIn(given).path == f"{given}.d/50-mkunit.conf"


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ("service", "service.d/50-mkunit-service.conf"),
        ("scope", "scope.d/50-mkunit-scope.conf"),
        ("foo-.service", "foo-.service.d/50-mkunit-foo.conf"),
        ("user-.slice", "user-.slice.d/50-mkunit-user.conf"),
        ("a-b-.mount", "a-b-.mount.d/50-mkunit-a-b.conf"),
    ],
)
def test_a_drop_in_for_many(given: str, path: str) -> None:
    """All units of a kind, or all whose names begin so; its file hides none of a more special drop-in, nor is hidden."""
    assert DropIn(given).path == path
    assert DropIn(given, file="10-own").path == f"{given}.d/10-own.conf"


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        ("device", "with its suffix"),
        ("x-.device", "leave it out"),
        ("a--.slice", '"a"'),
        ("nginx", '"nginx.service"'),
        ("nginx.conf", '"nginx.service"'),
        ("", "with its suffix"),
        (".service", "with its suffix"),
        (5, "with its suffix"),
        ("a b.service", r'"a\x20b"'),
        ("sda.device", "leave it out"),
    ],
)
def test_a_drop_in_wants_a_full_name(given: object, hint: str) -> None:
    """Nothing else says whose it is."""
    with pytest.raises(MkunitError) as caught:
        DropIn(given)
    assert hint in str(caught.value.diagnostics[0].hint)


@pytest.mark.parametrize(
    ("given", "expected"),
    [(None, "50-mkunit.conf"), ("10-a.conf", "10-a.conf"), ("10-a", "10-a.conf"), ("é b", "é b.conf")],
)
def test_the_file_of_a_drop_in(given: str | None, expected: str) -> None:
    """It ends in `.conf`, or systemd would not read it."""
    assert DropIn("a.service", file=given).dropin == expected


@pytest.mark.parametrize("given", ["", "a/b", "..", ".conf", ".a", "/a", "a\n", "\ud800", 5, "x" * 251], ids=repr)
def test_what_is_no_file_of_a_drop_in(given: object) -> None:
    """It lies in the unit's folder, and is not hidden."""
    with pytest.raises(MkunitError, match="file name"):
        DropIn("a.service", file=given)


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        (Service("api"), "api service"),
        (Service("ssh-proxy"), "ssh-proxy service"),
        (Service("web@"), "web service, instance %I"),
        (Service("web@blue"), "web service, instance blue"),
        (Service("my\\x20app@a\\x2fb"), "my app service, instance a/b"),
        (Service("100\\x25"), "100%% service"),
        (Service("a\\x0ab"), "a\\x0ab service"),
        (Service("\\xff"), "\\xff service"),
        (Service("a\\"), "a service"),
        (Service("a@\\"), "a service, instance %i"),
        (Socket("api"), "api socket"),
        (Timer("backup"), "Timer for backup"),
        (Path("spool"), "Path watch for spool"),
        (Mount("/mnt/my-data"), "Mount of /mnt/my-data"),
        (Automount("/mnt/100%"), "Automount of /mnt/100%%"),
        (Swap("/swapfile"), "Swap on /swapfile"),
        (Target("shop"), "shop target"),
        (Slice("shop-web"), "shop-web slice"),
        (Slice("-"), "Root slice"),
    ],
    ids=lambda given: given.name if isinstance(given, Unit) else "",
)
def test_a_description_that_a_person_can_read(unit: Unit, expected: str) -> None:
    """Made from name and kind, or from the path; escapes are undone where that can be read."""
    assert unit.directive("Description") == expected


def test_a_description_of_ones_own() -> None:
    """It takes the place of the other; an empty list leaves both out, and None is as if it were not given."""
    assert [e.value for e in Service("a", description="mine").entries] == ["mine"]
    assert Service("a", description=[]).entries == ()
    assert Service("a", description=None).directive("Description") == "a service"


def test_drop_ins_are_not_described() -> None:
    """They belong to a unit that is."""
    assert DropIn("a.service").entries == ()
    assert sentence("a.service") == "a service"
