"""What type checkers must take without a word."""

from datetime import timedelta
from pathlib import Path as FilePath

from mkunit import (
    Automount,
    DropIn,
    Mount,
    Path,
    Service,
    Slice,
    Socket,
    Swap,
    Target,
    Timer,
    Unit,
    cmd,
    literal,
    param,
    raw,
    tcp,
    unix,
)

shop = Slice("shop", memory_max="2G", cpu_weight=200, tasks_max=100)
app = Service(
    "app",
    exec_start=cmd("/usr/bin/app", FilePath("/srv"), 3, raw("%h"), ignore_failure=True),
    exec_start_pre=["/usr/bin/true", cmd("/usr/bin/true")],
    environment={"A": "b", "N": 1},
    restart_sec=timedelta(seconds=5),
    timeout_stop_sec="1min",
    limit_nofile=1024,
    read_write_paths=[FilePath("/srv/data"), "/srv/more"],
    capability_bounding_set=[],
    private_tmp=True,
    umask=0o077,
    slice=shop,
    after={"network.target"},
    hardening="strict",
    description=None,
    extra=[("Service", "X-Vendor", "1")],
)
web: Unit = Socket("web", listen=[8080, "[::1]:1", tcp(1), unix("/run/x")], accept=True, socket_mode="0600")
Socket("app", listen=[81], activates=app)
Socket("one", listen=param("port", 80), backlog=5, scope="user")
Timer("daily", on_calendar=["daily", "12:00"], persistent=True, activates="app", randomized_delay_sec=60)
Path("spool", path_changed="/var/spool", make_directory=True, activates=app)
Mount("/mnt", what="/dev/sda1", type="ext4", options="ro,noatime", wanted_by=[])
Automount(FilePath("/mnt"), timeout_idle_sec="5min")
Swap("/swapfile", priority=5)
Target("all", wants=[app, web, "x.service"], requires=app)
DropIn("nginx.service", exec_start=["", cmd("/usr/sbin/nginx")], memory_max="1G", file="10-mine.conf")
DropIn(app, description=literal("100%"))
