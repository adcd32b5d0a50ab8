"""The examples are read by type checkers, and not collected as tests."""

collect_ignore_glob = ["examples/*"]
