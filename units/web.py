"""The web application: reached over TCP and over a Unix socket, started by the first request."""

from _shared import PORT, USER, daemon
from mkunit import Service, Socket, cmd, raw, unix
from storage import pages

app = Service(
    "shop-app",
    description="The shop's web application",
    exec_start=cmd("/usr/bin/python3", "-m", "http.server", 9000, "--bind", "127.0.0.1", "--directory", raw("%S/shop")),
    # The application does not tell when it is ready: what comes after it waits until it answers.
    exec_start_post=cmd("/usr/bin/bash", "-c", "until : 2>/dev/null <>/dev/tcp/127.0.0.1/9000; do sleep 0.1; done"),
    environment={"GREETING": "Everything 20% off", "PYTHONDONTWRITEBYTECODE": 1},
    state_directory="shop",
    wanted_by=[],  # the way in requires it, and nothing else starts it
    **daemon,
)

web = Service(
    "shop-web",
    description="The way in to the shop's web application",
    type="notify",
    exec_start=cmd("/usr/lib/systemd/systemd-socket-proxyd", "--exit-idle-time=10min", "127.0.0.1:9000"),
    requires=app,
    after=app,
    **daemon,
)

web_socket = Socket(
    "shop",
    description="The shop's addresses",
    listen=[PORT, unix("/run/shop.sock")],
    socket_user=USER,
    socket_group=USER,
    socket_mode=0o660,
    activates=web,
    wants=pages,
    after=pages,
)
