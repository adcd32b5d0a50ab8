"""What systemd makes of sockets and the services behind them."""

import pytest

from mkunit import DropIn, Service, Socket, Unit, checker, fifo, unix
from mkunit.dsl.install import settle
from mkunit.errors import Diagnostic, Severity
from mkunit.model.graph import Graph
from mkunit.model.target import Target
from mkunit.model.unit import Entry


def check(*units: Unit) -> list[Diagnostic]:
    return list(checker.check(Graph.of(settle(units, "system")), Target(252)))


def codes(*units: Unit) -> list[str]:
    return [found.code for found in check(*units)]


def service(name: str, **options: str) -> Unit:
    return Service(name, exec_start="/bin/true", **options)  # type: ignore[arg-type]  # few words, all of them right


def test_no_listener() -> None:
    """A socket without an address does not load."""
    web = Socket("web", accept=False)
    assert check(web) == [
        Diagnostic(
            "no-listener", "`web.socket` listens on nothing",
            "give it a port, an address or a path: `listen=[8080]`", web.origin, unit="web.socket",
        )
    ]  # fmt: skip


def test_addresses_taken_back() -> None:
    """An empty line takes back all addresses before it."""
    assert "no-listener" in codes(
        Unit("web.socket", (Entry("Socket", "ListenStream", "80"), Entry("Socket", "ListenFIFO", "")))
    )


def test_a_dropin_needs_no_address() -> None:
    """A drop-in adds to what is there."""
    assert codes(DropIn("web.socket", backlog=5)) == []


@pytest.mark.parametrize("address", [unix("/run/a", kind="datagram"), fifo("/run/a")])
def test_accept_takes_streams(address: object) -> None:
    """Only streams and sequential packets can be accepted."""
    assert codes(Socket("web", listen=[address], accept=True), service("web@")) == ["accept-not-a-stream"]  # type: ignore[list-item]


@pytest.mark.parametrize("kind", ["stream", "seqpacket"])
def test_accept(kind: str) -> None:
    """Both of those are fine, with their template."""
    assert codes(Socket("web", listen=[unix("/run/a", kind=kind)], accept=True), service("web@")) == []  # type: ignore[arg-type]


def test_accept_with_service() -> None:
    """`Service=` and `Accept=yes` exclude one another, though `activates=` never writes both."""
    assert "accept-with-service" in codes(
        Socket("web", listen=[1], accept=True, service="other.service"), service("web@")
    )


def test_accept_needs_a_template() -> None:
    """A plain service cannot be started per connection."""
    (found,) = check(Socket("web", listen=[1], accept=True), service("web"))
    assert found.code == "accept-needs-template"
    assert found.hint is not None
    assert '"web@"' in found.hint


def test_a_plain_socket_needs_a_plain_service() -> None:
    """A template cannot be started without an instance."""
    assert codes(Socket("web", listen=[1]), service("web@")) == ["plain-needs-plain"]


def test_the_service_may_be_somebody_elses() -> None:
    """A service that the project does not have may be on the machine."""
    assert codes(Socket("web", listen=[1]), Socket("log", listen=[2], accept=True)) == []


def test_a_service_in_another_scope_is_no_partner() -> None:
    """The user's service is not what the system's socket would start."""
    assert codes(Socket("web", listen=[1], accept=True), service("web", scope="user")) == []


def test_a_limit_without_accept() -> None:
    """`MaxConnections=` does nothing for a socket that does not accept: somebody believes in it."""
    (found,) = check(Socket("web", listen=[1], max_connections=5), service("web"))
    assert (found.code, found.severity) == ("limit-needs-accept", Severity.WARNING)
