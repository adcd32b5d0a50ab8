"""For every room's tests: the plugin that users have is ours too, and in CI no machine may be missing."""

import os

if os.environ.get("CI"):
    os.environ.setdefault("MKUNIT_REQUIRE_MACHINE", "1")
