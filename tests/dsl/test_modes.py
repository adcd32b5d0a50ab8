"""File modes: ints in octal, and the slips that a missing `0o` makes."""

import pytest

from mkunit import MkunitError, Service, Socket


@pytest.mark.parametrize(
    ("mode", "expected"),
    [(0o660, "0660"), (0o600, "0600"), (0o4755, "4755"), (0, "0000"), (0o7, "0007"), ("0660", "0660"), ("660", "660")],
)
def test_a_mode(mode: int | str, expected: str) -> None:
    """An int is written in octal, with four digits; a str stays as it is."""
    assert Socket("a", listen=80, socket_mode=mode).directive("SocketMode") == expected


@pytest.mark.parametrize("mode", [660, 600, 644, 666, 755, 770, 777, 700, 750, 1777, 2775])
def test_an_int_without_its_prefix(mode: int) -> None:
    """Nobody means 0o1224 by 660; the hint has the prefix."""
    with pytest.raises(MkunitError, match=f"`socket_mode` is {mode}, which is {mode:#o} in octal") as caught:
        Socket("a", listen=80, socket_mode=mode)
    assert str(caught.value.diagnostics[0].hint).startswith(f"write 0o{mode}")


@pytest.mark.parametrize("mask", [22, 27, 77])
def test_a_mask_without_its_prefix(mask: int) -> None:
    """Masks have other digits; what their decimal stands for can still be written as a str."""
    with pytest.raises(MkunitError, match=f"is {mask}, which is {mask:#o} in octal") as caught:
        Service("a", umask=mask)
    assert caught.value.diagnostics[0].hint == f'write 0o{mask}, or "{mask:04o}" if that was meant'
    assert Service("a", umask=f"{mask:04o}").directive("UMask") == f"{mask:04o}"


@pytest.mark.parametrize("mask", [0o22, 0o27, 0o77, 0o2, 0])
def test_a_mask(mask: int) -> None:
    """Those that people use."""
    assert Service("a", umask=mask).directive("UMask") == f"{mask:04o}"


@pytest.mark.parametrize("mode", [-1, 0o10000, 99999])
def test_what_is_no_mode(mode: int) -> None:
    """A mode has four octal digits."""
    with pytest.raises(MkunitError, match="which is no file mode") as caught:
        Socket("a", listen=80, socket_mode=mode)
    assert caught.value.diagnostics[0].hint == "write it in octal, such as 0o660"


@pytest.mark.parametrize("mode", ["0999", "rw", "u=rw", True, 0.5])
def test_what_is_no_octal_number(mode: object) -> None:
    """In a str the digits are octal already."""
    with pytest.raises(MkunitError, match="`socket_mode`"):
        Socket("a", listen=80, socket_mode=mode)
