"""`listen=`: every helper and every written form, in the order given."""

from pathlib import Path as FilePath

import pytest

from mkunit import (
    DropIn,
    MkunitError,
    Socket,
    Unit,
    fifo,
    literal,
    message_queue,
    netlink,
    special,
    tcp,
    udp,
    unix,
    usb_function,
    vsock,
)

FORMS = [
    (8080, "ListenStream=8080"),
    ("8080", "ListenStream=8080"),
    ("127.0.0.1:9000", "ListenStream=127.0.0.1:9000"),
    ("[::1]:9000", "ListenStream=[::1]:9000"),
    ("/run/x.sock", "ListenStream=/run/x.sock"),
    ("/run/a b.sock", "ListenStream=/run/a b.sock"),
    ("@abstract", "ListenStream=@abstract"),
    ("%t/x.sock", "ListenStream=%t/x.sock"),
    ("vsock:2:1234", "ListenStream=vsock:2:1234"),
    (FilePath("/run/x.sock"), "ListenStream=/run/x.sock"),
    (literal("/run/100%.sock"), "ListenStream=/run/100%%.sock"),
    (tcp(8080), "ListenStream=8080"),
    (tcp(8080, host="127.0.0.1"), "ListenStream=127.0.0.1:8080"),
    (tcp(8080, host="::1"), "ListenStream=[::1]:8080"),
    (tcp(8080, host="[::1]"), "ListenStream=[::1]:8080"),
    (tcp(8080, host="fe80::1%eth0"), "ListenStream=[fe80::1]:8080%%eth0"),
    (udp(53), "ListenDatagram=53"),
    (udp(53, host="127.0.0.1"), "ListenDatagram=127.0.0.1:53"),
    (udp(53, host="::"), "ListenDatagram=[::]:53"),
    (unix("/run/x.sock"), "ListenStream=/run/x.sock"),
    (unix(FilePath("/run/x")), "ListenStream=/run/x"),
    (unix("@x"), "ListenStream=@x"),
    (unix("/run/x.sock", kind="datagram"), "ListenDatagram=/run/x.sock"),
    (unix("/run/x.sock", kind="seqpacket"), "ListenSequentialPacket=/run/x.sock"),
    (fifo("/run/pipe"), "ListenFIFO=/run/pipe"),
    (special("/dev/kmsg"), "ListenSpecial=/dev/kmsg"),
    (netlink("route"), "ListenNetlink=route"),
    (netlink("kobject-uevent", 1), "ListenNetlink=kobject-uevent 1"),
    (message_queue("/jobs"), "ListenMessageQueue=/jobs"),
    (usb_function("/run/ffs"), "ListenUSBFunction=/run/ffs"),
    (vsock(1234), "ListenStream=vsock::1234"),
    (vsock(1234, cid=2), "ListenStream=vsock:2:1234"),
]


def lines(unit: Unit) -> list[str]:
    return [f"{e.name}={e.value}" for e in unit.entries if e.name != "Description"]


@pytest.mark.parametrize(("written", "expected"), FORMS, ids=repr)
def test_what_is_written_and_what_stands_in_the_file(written: object, expected: str) -> None:
    """In a list or alone."""
    assert lines(Socket("a", listen=[written])) == [expected]
    assert lines(Socket("a", listen=written)) == [expected]


def test_the_order_is_kept() -> None:
    """Across kinds too: file descriptors are passed in it."""
    found = lines(Socket("a", listen=[written for written, _ in FORMS]))
    assert found == [expected for _, expected in FORMS]
    assert lines(Socket("a", listen=tuple(written for written, _ in reversed(FORMS)))) == found[::-1]


def test_the_directives_are_there_as_well() -> None:
    """`listen_stream=` and its sisters take systemd's own syntax."""
    unit = Socket("a", listen_stream=[80, "/run/x"], listen_datagram="53", listen_fifo="/f")
    assert lines(unit) == ["ListenStream=80", "ListenStream=/run/x", "ListenDatagram=53", "ListenFIFO=/f"]


def test_nothing_to_listen_on() -> None:
    """None and an empty list leave it out; whether that is enough is asked of the whole unit."""
    assert lines(Socket("a", listen=None)) == lines(Socket("a", listen=[])) == []


def test_a_drop_in_takes_back_what_it_was_listening_on() -> None:
    """By an empty list, or before what it is to listen on instead."""
    assert lines(DropIn("a.socket", listen=[])) == ["ListenStream="]
    assert lines(DropIn("a.socket", listen=["", 80])) == ["ListenStream=", "ListenStream=80"]


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (70000, "70000"),
        (0, "port 0"),
        (-1, "-1"),
        (True, "takes no bool"),
        (None, "takes no None"),
        (1.5, "takes no float"),
        (b"/run/x", "takes no bytes"),
        ([80], "takes no list"),
        ("localhost:80", "names a host"),
        ("*:80", "no address before the port"),
        ("::1:80", "does not tell the address from the port"),
        ("x.sock", "not an address"),
        ("8080 8081", "more than one"),
        ("/run/" + "x" * 120, "125 bytes"),
        ("a\nb", "a line break"),
        (unix("/a\nb"), "a line break"),
        (unix("rel"), "not an address"),
        (fifo("rel"), "not absolute"),
        (netlink("nonsense"), "family"),
        (tcp(80, host="example.org"), "names a host"),
        (FilePath("/run/x "), "ends with a blank"),
    ],
    ids=repr,
)
def test_what_nobody_can_listen_on(written: object, message: str) -> None:
    """The error names the keyword and what is wrong."""
    with pytest.raises(MkunitError, match=message) as caught:
        Socket("a", listen=[written])
    assert all("`listen`" in d.message for d in caught.value.diagnostics)


def test_a_set_has_no_order() -> None:
    """So it is refused, with what to write."""
    with pytest.raises(MkunitError, match="file descriptors are passed in its order") as caught:
        Socket("a", listen={80, 81})
    assert caught.value.diagnostics[0].hint == 'write listen=[8080, "/run/x.sock"]'


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: tcp(None), "a port is an int, not NoneType"),
        (lambda: tcp(True), "a port is an int, not bool"),
        (lambda: udp(80.0), "a port is an int, not float"),
        (lambda: tcp(80, host=5), "a host cannot be 5"),
        (lambda: tcp(80, host=""), "a host cannot be ''"),
        (lambda: unix(5), r"unix\(\) takes a path, not int"),
        (lambda: unix(b"/x"), r"unix\(\) takes a path, not bytes"),
        (lambda: unix("/x", kind="dgram"), "cannot be of kind 'dgram'"),
        (lambda: fifo(None), r"fifo\(\) takes a path, not NoneType"),
        (lambda: special(5), r"special\(\) takes a path, not int"),
        (lambda: usb_function(5), r"usb_function\(\) takes a path"),
        (lambda: netlink(5), r"netlink\(\) takes a str, not int"),
        (lambda: message_queue(None), r"message_queue\(\) takes a str"),
    ],
)
def test_a_helper_with_a_wrong_type(make: object, message: str) -> None:
    """An error at the helper's call, with a hint, and no traceback from within."""
    with pytest.raises(MkunitError, match=message) as caught:
        make()
    found = caught.value.diagnostics[0]
    assert found.hint
    assert found.origin is not None
    assert found.origin.path == __file__


def test_an_address_in_another_directive() -> None:
    """It knows its own; the error says so."""
    with pytest.raises(MkunitError, match="write its value as a str, or use `listen`"):
        Socket("a", listen_stream=unix("/run/x"))
