"""From the sources of systemd to the table of directives, and from the table to types for type checkers."""
