"""systemd units written in Python, reviewed as diffs, applied safely."""

__version__ = "0.1.0"
