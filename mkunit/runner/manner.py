"""How an apply is to be done."""

from collections.abc import Callable

from attrs import frozen

from mkunit.model.plan import Step


def _silent(step: Step) -> None:
    pass


@frozen
class Manner:
    """How long to look before a service counts as healthy, whether to roll back, and who hears of each step."""

    settle: float = 5.0  # seconds
    patience: float = 90.0  # seconds that a unit may take to come up, or a probe to succeed
    rolls_back: bool = True
    confirms: bool = False  # the last step is the user's `mkunit confirm`
    tell: Callable[[Step], None] = _silent
