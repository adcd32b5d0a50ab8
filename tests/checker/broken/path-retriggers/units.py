from mkunit import Path, Service

Service(
    "sort",
    type="oneshot",
    exec_start="/usr/bin/sort-uploads",
)
Path("sort", directory_not_empty="/var/spool/uploads")  # here: path-retriggers
