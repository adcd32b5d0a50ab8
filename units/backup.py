"""A backup every night: a timer, and the oneshot service that it starts."""

from datetime import timedelta

from _shared import service
from mkunit import Service, Timer, cmd, raw

backup = Service(
    "shop-backup",
    description="Back up the shop's data",
    type="oneshot",
    exec_start=cmd("/usr/bin/tar", "--create", "--file", raw("%C/shop/backup.tar"), "--directory", raw("%S/shop"), "."),
    state_directory="shop",
    cache_directory="shop",
    **service,
)

backup_timer = Timer(
    "shop-backup",
    on_calendar="*-*-* 03:30:00",
    randomized_delay_sec=timedelta(minutes=20),
    persistent=True,
    activates=backup,
)
