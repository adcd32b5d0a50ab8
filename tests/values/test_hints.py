"""What is said of wrong values: which outcome, and what to write instead."""

from collections.abc import Callable

import pytest

from mkunit.catalog.spec import Finding

Judge = Callable[..., tuple[Finding, ...]]

WRONG = r"""
ignored  ListenStream=70000 | write a port from 1 to 65535
ignored  ListenStream=0 | write a port from 1 to 65535
ignored  ListenStream=localhost:80 | write an address: `127.0.0.1:80`, or `80` for all of them
ignored  ListenStream=*:80 | write `80` for all addresses, or `127.0.0.1:80` for this machine
ignored  ListenStream=:80 | write `80` for all addresses, or `127.0.0.1:80` for this machine
ignored  ListenStream=::1:80 | write `[::1]:80`
ignored  ListenStream=::1 | write `[::1]:80`, with the port
ignored  ListenStream=127.0.0.1 | write `127.0.0.1:80`, with the port
ignored  ListenStream=[127.0.0.1]:80 | write `127.0.0.1:80`
ignored  ListenStream=[fe80::1%%eth0]:80 | write `[fe80::1]:80%%eth0`
ignored  ListenStream=run/x.sock | write `/run/x.sock`, or `%t/run/x.sock` for the runtime folder
ignored  ListenStream="/run/x.sock" | write `/run/x.sock`, without quotes
ignored  ListenStream=8080 # web | write `8080`; a comment needs a line of its own
ignored  ListenStream=8080 8081 | write `8080`; each address needs a line of its own
ignored  ListenStream=08080 | write `8080`
lost     ListenStream=010 | write `10` or `8`
ignored  ListenStream=http://localhost:80/ | write the port alone, or an address and a port such as `127.0.0.1:80`
refused  ListenStream=/run/../x | write the path that it leads to
deprecated ListenStream=/var/run/x.sock | write `/run/x.sock`
newer    ListenStream=vsock:host:80 | write what systemd 252 knows first, and this in a second line after it
ignored  ListenSequentialPacket=8080 | write a path or an abstract name such as `@name`, or use ListenStream=
ignored  ListenNetlink=kobject_uevent 1 | did you mean `kobject-uevent`?
ignored  SocketMode=0o660 | write `0660`
ignored  SocketMode=rw-rw---- | write `0660`
ignored  UMask=99 | write octal digits, such as `0660`
ignored  SocketProtocol=tcp | leave it out: TCP and UDP are what ListenStream= and ListenDatagram= use
ignored  OnCalendar=*/5 * * * * | write `*-*-* *:0/5:00`, which is what cron's `*/5 * * * *` means
ignored  OnCalendar=0 4 * * 1-5 | write `Mon..Fri *-*-* 04:00:00`, which is what cron's `0 4 * * 1-5` means
ignored  OnCalendar=30 2 1 jan,jul * | write `*-1,7-01 02:30:00`, which is what cron's `30 2 1 jan,jul *` means
ignored  OnCalendar=every day | write `daily`
ignored  OnCalendar=@weekly | write `weekly`
ignored  OnCalendar=@reboot | use OnBootSec= for a time after the boot
ignored  OnCalendar=*:*/5 | write `*:0/5`: a step needs a number before it
ignored  OnCalendar=2030-01-01T10:00Z | write `2030-01-01 10:00 UTC`
ignored  OnCalendar=dayly | did you mean `daily`?
lost     OnCalendar=*-02-31 | write a day that the month has, or `~01` for its last
lost     OnCalendar=2025-02-29 | write a day that the month has in that year
lost     OnCalendar=Mon 2025-01-01 | leave out the weekday
ignored  CPUQuota=50 | write `50%`
ignored  CPUQuota=0% | write at least `1%`, or nothing for no quota
ignored  MemoryMax=512m | write `512M`; the suffixes are K, M, G, T, P and E, to the base of 1024
ignored  MemoryMax=1GB | write `1G`; the suffixes are K, M, G, T, P and E, to the base of 1024
ignored  MemoryMax=512MiB | write `512M`; the suffixes are K, M, G, T, P and E, to the base of 1024
ignored  MemoryMax=unlimited | write `infinity`
ignored  MemoryMax=150% | write at most `100%`
lost     MemoryHigh=50 | write `50M` for mebibytes or `50B` for bytes
lost     TasksMax=0% | write at least `1`, or `infinity`
ignored  LimitNOFILE=65k | write the number in full: `65000`
ignored  LimitNOFILE=unlimited | write `infinity`
ignored  LimitNOFILE=65536:1024 | write `1024:65536`
ignored  RestartSec=5secs | write `5s`
ignored  RestartSec=1 hrs 30mins | write `1h 30min`
ignored  RestartSec=never | write `infinity`
ignored  RestartSec=1:30 | write `1h 30min`
lost     TimeoutStartSec=1h30 | write `1h 30min`
lost     TimeoutStopSec=1M | write `1min` for minutes or `1month` for months
ignored  Nice=low | write a whole number, without a unit
ignored  Nice=30 | write a number from -20 to 19
ignored  NoNewPrivileges=enabled | write `yes`
ignored  NoNewPrivileges=yes # safe | write `yes`; a comment needs a line of its own
refused  DynamicUser=maybe | write `yes` or `no`
ignored  ProtectSystem=Full | did you mean `full`?
ignored  ProtectHome=readonly | did you mean `read-only`?
ignored  Restart=onfailure | did you mean `on-failure`?
newer    PrivateTmp=disconnected | write what systemd 252 knows first, and this in a second line after it
newer    Type=notify-reload | write what systemd 252 knows first, and this in a second line after it
deprecated KillMode=none | write `control-group` or `mixed`
ignored  KillSignal=sigterm | write `SIGTERM`
ignored  KillSignal=SIGTRM | did you mean `SIGTERM`?
ignored  SuccessExitStatus=EX_TEMPFAIL | write `TEMPFAIL`
lost     CapabilityBoundingSet=~CAP_SYS_ADMN | did you mean `CAP_SYS_ADMIN`?
lost     CapabilityBoundingSet=NET_BIND_SERVICE | write `CAP_NET_BIND_SERVICE`
lost     CapabilityBoundingSet=CAP_CHOWN,CAP_KILL | separate the names with blanks, without commas
lost     SecureBits=no-root | did you mean `noroot`?
ignored  SystemCallFilter=@system-servce | did you mean `@system-service`?
ignored  SystemCallFilter=moutn | did you mean `mount`?
ignored  SystemCallFilter=swap | write `@swap`
ignored  SystemCallFilter=@system-service:EPERM | write `@system-service`
ignored  RestrictAddressFamilies=inet6 | write `AF_INET6`
ignored  RestrictAddressFamilies=AF_INET,AF_INET6 | separate the words with blanks, without commas
ignored  RestrictNamespaces=user,net | separate the words with blanks, without commas
ignored  SystemCallArchitectures=amd64 | write `x86-64`
lost     IPAddressAllow=10.0.0.5/24 | write `10.0.0.0/24`, or `10.0.0.5` for the one address
ignored  IPAddressDeny=all | write `any`
ignored  SocketBindAllow=80 443 | write one rule, and another line for each further one
ignored  DeviceAllow=dev/null rw | write a path below /dev, or `char-NAME` or `block-NAME` for a kind of devices
lost     ReadWritePaths=/a,/b | separate the paths with blanks: `/a /b`
ignored  ReadWritePaths=~/secret | write the home folder in full, or `%h` for the manager's own
ignored  StateDirectory=/var/lib/foo | write `foo`, which is below `/var/lib`
refused  WorkingDirectory=relative | write `/relative`, or a specifier such as `%t` before it
ignored  WorkingDirectory=-relative | write `/relative`, or a specifier such as `%t` before it
refused  PIDFile=/run/../x.pid | write the path that it leads to
deprecated PIDFile=/var/run/x.pid | write `/run/x.pid`
lost     User="daemon" | write `daemon`
lost     User=no such user | write one name, without blanks and commas
refused  User=a/b | write the name as in /etc/passwd
refused  User=%z | write `%%z` for a literal percent sign
ignored  After=network | write `network.target`, with the suffix of its kind
ignored  After=foo | write `foo.service`, with the suffix of its kind
ignored  After=foo.servce | did you mean `foo.service`?
ignored  After=a.service,b.service | separate names with blanks, without commas
ignored  After="a.service" | write `a.service`, without quotes
ignored  After=a%t.service | write the text itself
ignored  Sockets=foo | write `foo.socket`
ignored  Documentation=www.example.org | write `https://www.example.org`
ignored  Documentation=foo(1) | write `man:foo(1)`
ignored  BusName=foo | write a name such as `org.example.Service`
ignored  Environment=export A=b | write `NAME=value`, without blanks around `=`
ignored  Environment=1X=2 | write a name of ASCII letters, digits and `_` that begins with no digit
ignored  PassEnvironment=A=b | write `A` alone
deprecated StandardOutput=syslog | write `journal`
ignored  StandardOutput=/var/log/x | write `file:/var/log/x`
ignored  StandardOutput=jurnal | did you mean `journal`?
refused  ExecStart=bin/foo | write `/bin/foo`, or a name without slashes, which is searched for
refused  ExecStart=$BIN/foo | write the path itself; there are no variables in it
refused  ExecStart=/bin/echo "foo | close it, or write `\x22` or `\x27` for the character itself
refused  ExecStart=/bin/date +%F | write `%%F` for a literal percent sign
ignored  ExecStart=-/bin/date +%F | write `%%F` for a literal percent sign
lost     ExecStart=/bin/date +%Y-%m-%d | write `+%%Y-%%m-%%d`
lost     ExecStart=/bin/x --port=$PORT | write `--port=${PORT}`
lost     ExecStart=/bin/x $HOME/a | write `${HOME}/a`
lost     ExecStart=/bin/x ${A:-b} | write `${NAME}`, and the default as an `Environment=`
lost     ExecStart=/bin/a | /bin/b | use `sh -c '…'`, or StandardOutput= for files
lost     ExecStart=/bin/sh -c echo hello | quote the whole script: `-c 'echo hello'`
lost     ExecStartPre=; | write a command, or leave the line out
ignored  ExecStart=/bin/grep \d x | write `\\d`
newer    ExecStart=|echo hi | write what systemd 252 knows first, and this in a second line after it
lost     ConditionArchitecture=x86_64 | write `x86-64`
lost     ConditionVirtualization=dockr | did you mean `docker`?
lost     ConditionSecurity=selnux | did you mean `selinux`?
lost     ConditionFirstBoot=maybe | write `yes` or `no`
lost     ConditionCapability=SYS_ADMIN | write `CAP_SYS_ADMIN`
lost     ConditionMemory=lots | write it as in `>=4` or `4`
ignored  ConditionPathExists=!|/x | write `|!/x`
ignored  LoadCredential=foo/bar:/etc/x | write ASCII without slashes and colons
ignored  BindPaths=/a:/b:/c | write `rbind` or `norbind`
ignored  FileDescriptorName=a:b | write at most 255 printable ASCII characters, without `:`
lost     Slice=a--b.slice | write a name without `@`, whose parts are separated by single dashes
ignored  Slice=foo | write `foo.slice`
"""


def rows() -> list[tuple[str, str, str]]:
    """Outcome, line and hint of each row."""
    found = []
    for row in WRONG.strip().split("\n"):
        outcome, _, rest = row.partition(" ")
        line, _, hint = rest.strip().rpartition(" | ")
        found.append((outcome, line, hint))
    return found


@pytest.mark.parametrize(("outcome", "line", "hint"), rows(), ids=lambda part: part[:40])
def test_a_wrong_value_has_its_outcome_and_says_what_to_write(judge: Judge, outcome: str, line: str, hint: str) -> None:
    """The first finding has the outcome and the hint."""
    found = judge(line)
    assert [(finding.outcome.value, finding.hint) for finding in found[:1]] == [(outcome, hint)]


@pytest.mark.parametrize("line", [line for _, line, _ in rows()], ids=lambda part: part[:40])
def test_a_message_is_a_sentence_in_lower_case(judge: Judge, line: str) -> None:
    """Messages begin with a small letter or a literal and end without a full stop, hints too."""
    for finding in judge(line):
        for text in (finding.message, finding.hint or "x"):
            assert text[0] == "`" or text[0].islower(), text
            assert text[-1] != "."


def test_what_is_for_the_systems_manager_is_said_in_user_scope(judge: Judge) -> None:
    """A user's manager cannot reboot the machine."""
    assert judge("FailureAction=reboot", scope="system") == ()
    assert [finding.hint for finding in judge("FailureAction=reboot", scope="user")] == ["write `exit` or `exit-force`"]


def test_a_directive_that_a_kind_does_not_take_is_said_to_have_no_effect(judge: Judge) -> None:
    """Delegation is for services and scopes."""
    assert judge("Delegate=yes", section="Service") == ()
    assert [finding.message for finding in judge("Delegate=yes", section="Socket")] == [
        "Delegate= has no effect in a socket"
    ]


def test_a_newer_systemd_takes_what_an_older_one_does_not(judge: Judge) -> None:
    """The findings depend on the systemd that is asked about."""
    for line in ("PrivateTmp=disconnected", "ListenStream=vsock:host:80", "Type=notify-reload", "ExecStart=|echo hi"):
        assert [finding.outcome.value for finding in judge(line, 252)] == ["newer"]
        assert judge(line, 262) == ()


def test_the_empty_value_does_what_the_directive_says(judge: Judge) -> None:
    """It resets, is ignored, or has no effect at all."""
    assert judge("ExecStart=") == ()
    assert [finding.outcome.value for finding in judge("PrivateTmp=")] == ["ignored"]
    assert [finding.outcome.value for finding in judge("After=")] == ["lost"]
