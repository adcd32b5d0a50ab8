"""Units that look like a mistake and are none: no rule fires on them."""

import pytest
from projects import codes

RIGHT = {
    "two sockets that exclude each other": '''
        Socket("a", listen=["127.0.0.1:80"], conflicts="b.socket")
        Socket("b", listen=["127.0.0.1:80"])''',
    "one port, two addresses": '''
        Socket("a", listen=["127.0.0.1:80"])
        Socket("b", listen=["127.0.0.2:80"])''',
    "one port, over TCP and UDP": '''
        Socket("dns", listen=[tcp(53, host="127.0.0.1"), udp(53, host="127.0.0.1")])''',
    "one port, shared on purpose": '''
        Socket("a", listen=["127.0.0.1:80"], reuse_port=True)
        Socket("b", listen=["127.0.0.1:80"], reuse_port=True)''',
    "one port on two interfaces": '''
        Socket("a", listen=["0.0.0.0:80"], bind_to_device="lo")
        Socket("b", listen=["0.0.0.0:80"])''',
    "the same port in both scopes": '''
        Socket("a", listen=["127.0.0.1:8080"])
        Socket("a", listen=["127.0.0.1:8080"], scope="user")''',
    "a template's address is its instances'": '''
        Socket("a@", listen=["/run/a-%i.sock"], socket_mode=0o660, default_instance="x")
        Socket("b@", listen=["/run/a-%i.sock"], socket_mode=0o660, default_instance="x")''',
    "an address of every machine": '''
        Socket("a", listen=["[::1]:80", "127.0.0.53:80", "224.0.0.251:5353"])''',
    "an abstract socket has no node": '''
        Socket("a", listen=["@a"])''',
    "a socket of a user, in a folder of its own": '''
        Socket("a", listen=["%t/a.sock"], scope="user")''',
    "a socket in a closed folder": '''
        Socket("a", listen=["/run/a/a.sock"], directory_mode=0o700)''',
    "a socket with its mode's group": '''
        Socket("a", listen=["/run/a.sock"], socket_mode=0o660, socket_group="web", remove_on_stop=True)''',
    "a message queue has a mode": '''
        Socket("a", listen=[message_queue("/a")], socket_mode=0o600)''',
    "a runtime directory beside the socket": '''
        Socket("web", listen=["/run/web.sock"], socket_mode=0o660)
        Service("web", exec_start="/usr/bin/web", runtime_directory="web")''',
    "a service that is enabled with its socket": '''
        Socket("web", listen=["127.0.0.1:80"])
        Service("web", exec_start="/usr/bin/web", wanted_by="multi-user.target", also="web.socket", restart="always", restart_sec=1)''',
    "a proxy is told another's port": '''
        Socket("web", listen=["127.0.0.1:80"])
        Service("web", exec_start="/usr/lib/systemd/systemd-socket-proxyd 10.0.0.1:80")''',
    "a socket early in the boot": '''
        Socket("a", listen=["127.0.0.1:80"], default_dependencies=False, wanted_by="sysinit.target", after="network.target")''',
    "a single command in a shell": '''
        Socket("web", listen=["127.0.0.1:80"])
        Service("web", exec_start="/bin/sh -c '/usr/bin/web $$HOME'")''',
    "a condition of both": '''
        Socket("web", listen=["127.0.0.1:80"], condition_path_exists="/etc/web")
        Service("web", exec_start="/usr/bin/web", condition_path_exists="/etc/web")''',
    "wildcards of a program that knows them": '''
        Service("a", type="oneshot", wanted_by=[], exec_start="/usr/bin/find /var/a -name *.tmp -delete")''',
    "a script has them": '''
        Service("a", type="oneshot", wanted_by=[], exec_start="/bin/sh -c 'rm -f ~/x *.tmp; echo `date`'")''',
    "a dollar that is meant": '''
        Service("a", exec_start="/usr/bin/a", environment="PRICE=5$$", restart="on-failure")''',
    "a secret's place is no secret": '''
        Service("a", exec_start="/usr/bin/a", environment={"DB_PASSWORD_FILE": "/run/x", "TOKEN": "%d/token"}, restart="on-failure")''',
    "a program of a user's own": '''
        Service("a", exec_start="/home/kim/bin/a", user="kim", restart="on-failure")
        Service("b", exec_start="%h/bin/b", scope="user", restart="on-failure")''',
    "a program that is told to stay": '''
        Service("a", exec_start="/usr/bin/a --fork --foreground", restart="on-failure")''',
    "a dependency that the other one orders": '''
        Service("a", exec_start="/usr/bin/a", requires="b.service", restart="on-failure")
        Service("b", exec_start="/usr/bin/b", before="a.service", restart="on-failure")''',
    "a target waits for what it requires": '''
        Service("a", exec_start="/usr/bin/a", restart="on-failure")
        Target("all", requires="a.service")''',
    "sockets and mounts are up before services": '''
        Service("a", exec_start="/usr/bin/a", requires="dbus.socket -.mount", restart="on-failure")''',
    "a service requires its own socket": '''
        Socket("a", listen=["127.0.0.1:80"])
        Service("a", exec_start="/usr/bin/a", requires="a.socket", default_dependencies=False)''',
    "an order on what another starts": '''
        Service("a", type="oneshot", exec_start="/usr/bin/a", wanted_by=[])
        Service("b", exec_start="/usr/bin/b", after="a.service", restart="on-failure")
        Target("both", wants=["a.service", "b.service"])''',
    "an order on a unit of another project": '''
        Service("b", exec_start="/usr/bin/b", after="postgresql.service", restart="on-failure")''',
    "a server needs no network": '''
        Service("b", exec_start="/usr/bin/b", after="network.target", restart="on-failure")''',
    "a client of this machine": '''
        Service("b", type="oneshot", wanted_by=[], exec_start="/usr/bin/curl http://127.0.0.1/", after="network.target")''',
    "the timer asks for the network": '''
        Service("b", type="oneshot", exec_start="/usr/bin/b", after="network-online.target")
        Timer("b", on_calendar="hourly", wants="network-online.target", after="network-online.target")''',
    "an order on what waits for all devices starts it not": '''
        Service("a", exec_start="/usr/bin/a", after="systemd-udev-settle.service", restart="on-failure")''',
    "numbers tell units apart": '''
        Service("web1", exec_start="/usr/bin/web", after="web2.service", restart="on-failure")
        Service("web3", exec_start="/usr/bin/web", restart="on-failure")''',
    "instances of a template": '''
        Service("web@", exec_start="/usr/bin/web", restart="on-failure", wanted_by=[])
        Target("all", wants=["web@1.service", "web@2.service"])''',
    "systemd guesses no main process": '''
        Service("a", type="forking", exec_start="/usr/bin/a", guess_main_pid=False, restart="on-failure")
        Service("b", type="forking", exec_start="/usr/bin/b", remain_after_exit=True, restart="on-failure")''',
    "all of a shell's processes may report": '''
        Service("a", type="notify", notify_access="all", exec_start="/bin/sh -c 'umask 7; a'", restart="on-failure")''',
    "a restart that has time": '''
        Service("a", exec_start="/usr/bin/a", restart="always", start_limit_interval_sec=0)''',
    "a user's targets": '''
        Service("a", exec_start="/usr/bin/a", scope="user", wanted_by="graphical-session.target", restart="on-failure")''',
    "root's own specifiers": '''
        Service("a", exec_start="/usr/bin/a %t/a %n 100%%h", user="kim", restart="on-failure")
        Service("b", exec_start="/usr/bin/a %h", restart="on-failure")''',
    "an alias of its kind": '''
        Service("a@", exec_start="/usr/bin/a", alias="b@.service", default_instance="x", restart="on-failure", wanted_by=[])''',
    "what is written to is named": '''
        Service("a", exec_start="/usr/bin/a --log-file=/var/log/a/log --db %S/a/db --config /etc/a", user="a", restart="on-failure",
                protect_system="strict", logs_directory="a", state_directory="a")
        Service("b", exec_start="/usr/bin/b --data-dir /srv/b", read_write_paths="/srv/b", protect_system="strict", user="b", restart="on-failure")
        Service("c", exec_start="/usr/bin/c --output /tmp/c", hardening="strict", user="c", restart="on-failure")''',
    "a home that may be read": '''
        Service("a", exec_start="/home/kim/a", user="kim", protect_home="read-only", restart="on-failure")
        Service("b", exec_start="/home/kim/a", user="kim", protect_home=True, bind_read_only_paths="/home/kim", restart="on-failure")''',
    "a timer that says that it may miss a run": '''
        Service("a", type="oneshot", exec_start="/usr/bin/a")
        Timer("a", on_calendar="daily", persistent=False)''',
    "a timer that runs after boot too": '''
        Service("a", type="oneshot", exec_start="/usr/bin/a")
        Timer("a", on_calendar="daily", on_boot_sec="10min")''',
    "boot makes the first run": '''
        Service("a", exec_start="/usr/bin/a", wanted_by="multi-user.target", restart="on-failure", type="simple")
        Timer("b", on_unit_active_sec="1h", activates="c")
        Service("c", type="oneshot", exec_start="/usr/bin/c", wanted_by="sysinit.target", remain_after_exit=False)''',
    "a timer as fine as it says": '''
        Service("a", type="oneshot", exec_start="/usr/bin/a")
        Timer("a", on_calendar="*:0/5", accuracy_sec="1s", randomized_delay_sec="1min")''',
    "systemd knows that it is on the network": '''
        Mount("/mnt/a", what="server:/a", type="nfs")
        Mount("/mnt/b", what="kim@server:/b", type="fuse.sshfs")
        Mount("/mnt/c", what="bucket", type="fuse.s3fs", options="ro,_netdev")''',
    "a small system's mount is required": '''
        Mount("/var/lib", what="/dev/disk/by-label/var", required_by="local-fs.target")''',
    "a drop-in that adds to a list on purpose": '''
        DropIn("nginx.service", after="db.service", environment={"A": 1}, exec_start_pre="/usr/bin/prepare")''',
    "a drop-in for a oneshot of the project": '''
        Service("a", type="oneshot", exec_start="/usr/bin/a", wanted_by=[])
        DropIn("a.service", exec_start="/usr/bin/b")''',
    "an order without a ring": '''
        Service("a", exec_start="/usr/bin/a", after="b.service c.service", restart="on-failure")
        Service("b", exec_start="/usr/bin/b", after="c.service", restart="on-failure")
        Service("c", exec_start="/usr/bin/c", before="multi-user.target", restart="on-failure")''',
    "a target that is ordered before what it wants": '''
        Target("early", wants="a.service", before="a.service")
        Service("a", exec_start="/usr/bin/a", restart="on-failure")''',
    "a mount early in the boot": '''
        Mount("/srv/a", what="/dev/a", after="prepare.service", requires="prepare.service", default_dependencies=False, wanted_by=[])
        Service("prepare", type="oneshot", exec_start="/usr/bin/prepare", remain_after_exit=True, default_dependencies=False, before="local-fs.target")''',
}  # fmt: skip
# Notes that are no complaint: they are about what may well be meant.
_NOTES = {"no-restart", "bare-port-is-public", "oneshot-without-remain", "socket-bound-to-device", "runs-as-root"}


@pytest.mark.parametrize("text", RIGHT.values(), ids=RIGHT)
def test_nothing_is_found(text: str) -> None:
    lines = [line[8:] for line in text.strip("\n").split("\n")]
    assert [code for code in codes("\n".join(lines)) if code not in _NOTES] == []
