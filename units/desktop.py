"""Units of a user, beside those of the system: a tidy temporary folder."""

from mkunit import Service, Timer, cmd, raw

tidy = Service(
    "tidy",
    scope="user",
    description="Remove old files from the temporary folder of a user",
    type="oneshot",
    exec_start=cmd("/usr/bin/find", raw("%t/scratch"), "-type", "f", "-mtime", "+7", "-delete", ignore_failure=True),
)

Timer("tidy", scope="user", on_calendar="weekly", persistent=True, activates=tidy)
