"""From the bytes of unit files to units as systemd reads them, and to what it does with each line.

`parse` reads one file, `ordered` finds its drop-ins and `merge` adds them, `load` does all three, `judge` says what
becomes of each line.
"""

from mkunit.parser.dropins import Listing, aliases, find, merge, ordered
from mkunit.parser.files import Loaded, is_unit_file, load
from mkunit.parser.judge import Effect, Judged, judge, read
from mkunit.parser.lines import Comment
from mkunit.parser.text import Header, Parsed, parse

__all__ = [
    "Comment",
    "Effect",
    "Header",
    "Judged",
    "Listing",
    "Loaded",
    "Parsed",
    "aliases",
    "find",
    "is_unit_file",
    "judge",
    "load",
    "merge",
    "ordered",
    "parse",
    "read",
]
