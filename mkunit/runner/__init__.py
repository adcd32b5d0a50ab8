"""Follows a plan on a machine, and takes it back where it fails: the only caller of the machine's verbs.

Every step can be done twice without harm, and the plan is on record before the first: whoever finds the record of a
process that was killed follows the rest of it (`recover`), to exactly the new state or exactly the old one.
"""

from mkunit.runner.apply import apply, confirm, recover, take_back
from mkunit.runner.manner import Manner
from mkunit.runner.undo import undo

__all__ = ["Manner", "apply", "confirm", "recover", "take_back", "undo"]
