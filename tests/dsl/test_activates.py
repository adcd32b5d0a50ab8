"""`activates=`: what a socket, timer, path or automount starts, written only where systemd would not derive it."""

import pytest

from mkunit import Automount, DropIn, MkunitError, Path, Service, Socket, Target, Timer, Unit

API = Service("api")
WEB = Service("web")
TEMPLATE = Service("web@")
OTHER = Service("other@")


def target(unit: Unit) -> str | None:
    return unit.directive("Unit") or unit.directive("Service")


@pytest.mark.parametrize("builder", [Socket, Timer, Path])
@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("web", API, "api.service"),
        ("web", "api", "api.service"),
        ("web", "api.service", "api.service"),
        ("web", "com.example.App", "com.example.App.service"),
        ("web", "x@y", "x@y.service"),
        ("web", WEB, None),
        ("web", "web", None),
        ("web", "web.service", None),
        ("web", "%p", None),
        ("web", "%N.service", None),
        ("web", None, None),
        ("web@", TEMPLATE, None),
        ("web@", "web@%i", None),
        ("web@", "web@", None),
        ("web@", OTHER, "other@%i.service"),
        ("web@", "other@%i", "other@%i.service"),
        ("web@", API, "api.service"),
        ("web@x", TEMPLATE, None),
        ("web@x", "web@x", None),
        ("web@x", OTHER, "other@%i.service"),
        ("web", DropIn("api.service"), "api.service"),
    ],
    ids=lambda given: str(given),
)
def test_what_is_started(builder: type, name: str, given: Unit | str | None, expected: str | None) -> None:
    """By unit or by name, with or without its suffix; a template's instance is that of the same name."""
    assert target(builder(name, activates=given)) == expected


@pytest.mark.parametrize("builder", [Timer, Path])
def test_timers_and_paths_start_any_unit(builder: type) -> None:
    """A target, say."""
    assert target(builder("web", activates=Target("shop"))) == "shop.target"


def test_a_drop_in_for_a_socket_can_name_another_service() -> None:
    """As the socket could."""
    assert target(DropIn("web.socket", activates="api")) == "api.service"


@pytest.mark.parametrize("given", [TEMPLATE, "web@", "web@.service", None])
@pytest.mark.parametrize("accept", [True, "yes", "1", "on"])
@pytest.mark.parametrize("name", ["web", "web@", "web@x"])
def test_an_accepting_socket_names_no_service(name: str, accept: object, given: Unit | str | None) -> None:
    """systemd would refuse it; the template of its own name is meant."""
    assert target(Socket(name, listen=80, accept=accept, activates=given)) is None


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        (OTHER, "name the service `web@.service`, or the socket `other`"),
        ("other@", "name the service `web@.service`, or the socket `other`"),
        (WEB, "name the service `web@.service`, or leave out `accept`"),
        (API, "name the service `web@.service`"),
        ("web@x", "name the service `web@.service`, or leave out `accept`"),
    ],
    ids=str,
)
def test_an_accepting_socket_starts_its_own_template_only(given: Unit | str, hint: str) -> None:
    """Another would be ignored by systemd."""
    with pytest.raises(MkunitError, match=r"starts instances of `web@\.service`, and no other") as caught:
        Socket("web", listen=80, accept=True, activates=given)
    assert caught.value.diagnostics[0].hint == hint


@pytest.mark.parametrize("accept", [False, None, "no", "0"])
def test_a_template_cannot_be_started(accept: object) -> None:
    """Only its instances can; which, a plain socket does not say."""
    with pytest.raises(MkunitError, match=r"`activates` is `web@\.service`, which is a template") as caught:
        Socket("web", listen=80, accept=accept, activates=TEMPLATE)
    assert caught.value.diagnostics[0].hint == "name one, such as `web@NAME.service`, or set `accept`"
    with pytest.raises(MkunitError, match="which is a template"):
        Timer("web", activates=TEMPLATE)


@pytest.mark.parametrize(
    ("builder", "given", "message"),
    [
        (Socket, "api.socket", "a socket starts a service"),
        (Socket, Target("shop"), "a socket starts a service"),
        (Timer, "api.timer", "a timer starts a unit that is no timer"),
        (Timer, "web.timer", "a timer starts a unit that is no timer"),
        (Path, "api.path", "a path starts a unit that is no path"),
        (Automount, "api", "an automount starts a mount"),
        (Automount, "other.mount", "an automount starts the mount of its own path"),
    ],
)
def test_a_wrong_kind(builder: type, given: Unit | str, message: str) -> None:
    """The error says what would be right."""
    with pytest.raises(MkunitError, match=message) as caught:
        builder("/web" if builder is Automount else "web", activates=given)
    assert caught.value.diagnostics[0].hint


@pytest.mark.parametrize("given", ["", "a b", "a\nb", "é", "@x", ".service", "a/b"])
def test_what_is_no_name(given: str) -> None:
    """No text goes into the file unseen."""
    with pytest.raises(MkunitError, match="which is no unit name") as caught:
        Socket("web", activates=given)
    assert "\n" not in caught.value.diagnostics[0].message


@pytest.mark.parametrize("given", [5, True, b"api", ["api"], {"api"}], ids=repr)
def test_a_wrong_type(given: object) -> None:
    """A unit, or its name."""
    with pytest.raises(MkunitError, match="takes a unit or its name"):
        Socket("web", activates=given)


@pytest.mark.parametrize(("builder", "keyword"), [(Socket, "service"), (Timer, "unit"), (Path, "unit")])
def test_twice_the_same(builder: type, keyword: str) -> None:
    """The directive and the sugar for it do not go together."""
    with pytest.raises(MkunitError, match=f"`activates` and `{keyword}` say the same") as caught:
        builder("web", activates="api", **{keyword: "api.service"})
    assert caught.value.diagnostics[0].hint == f"leave out `{keyword}`"


def test_an_automount_starts_the_mount_of_its_path() -> None:
    """There is nothing to write."""
    assert [e.name for e in Automount("/a", activates="a.mount").entries] == ["Description", "Where"]
