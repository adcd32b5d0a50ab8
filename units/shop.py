"""The shop as a whole: one target to start and stop it by, one slice to limit it, and a say in how much it may log."""

from _shared import PORT
from backup import backup_timer
from greeter import greeter_socket
from mkunit import DropIn, Slice, Target
from uploads import uploads_path
from web import web_socket

Target(
    "shop",
    description=f"The shop, at port {PORT}",
    wants=[web_socket, greeter_socket, uploads_path, backup_timer],
)

Slice("shop", memory_max="1G", tasks_max=512, cpu_weight=200)

DropIn("systemd-journald.service", memory_high="256M", file="50-shop.conf")
