#!/bin/sh
# Boots systemd as PID 1 of a machine made of namespaces; machine.py runs it, stage by stage.
#
#   supervise  on the host, in a mount namespace of its own: stays until its standard input closes, then clears up
#   join       PID 1 of the machine, still on the host's root: says who it is, and enters the machine's cgroup
#   boot       PID 1 again: puts the new root together, and becomes systemd
#
# Everything is mounted below /sys, hidden by a tmpfs of this mount namespace: no folder is made on the host, and what is
# left of a machine that was killed vanishes with the namespace. The cgroup is the exception: a killed supervisor leaves
# an empty one behind, and the next machine sweeps it up.
set -eu
stage=$1 self=$0
shift

sweep() { # removes one machine's cgroup, children first; waits a little for processes that are being reaped
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        find "$1" -depth -type d -exec rmdir {} + 2>/dev/null || true
        [ -d "$1" ] || return 0
        sleep 0.05
    done
}

sweep_stale() { # cgroups of supervisors that are gone
    for stale in "$1"/mkunit-machine-*; do
        [ -d "$stale" ] && [ ! -e "/proc/${stale##*-}/exe" ] && grep -qx 'populated 0' "$stale/cgroup.events" && sweep "$stale"
    done
    return 0
}

supervise() { # supervise LAYER|'' PROBE|'' FOLDER...
    mount -t tmpfs -o mode=0755 mkunit-machine /sys
    mkdir /sys/cgroup /sys/upper /sys/work /sys/root /sys/layer /sys/extra
    mount -t cgroup2 cgroup2 /sys/cgroup
    parent=/sys/cgroup$(sed -n 's/^0:://p' /proc/self/cgroup)
    sweep_stale "$parent"
    cgroup=$parent/mkunit-machine-$$
    mkdir "$cgroup"
    if [ -n "$1" ]; then cp -a "$1/." /sys/layer/; fi
    setpriv --pdeathsig KILL \
        unshare --pid --mount --ipc --uts --net --propagation private --fork --kill-child \
        sh "$self" join "$cgroup" "$@" </dev/null &
    child=$!
    if [ -n "$2" ]; then
        wait "$child" || status=$?
    else
        trap '' TERM INT HUP
        cat >/dev/null
        set +e
        # PID 1 alone: its parent stays to reap it, as do those of the commands, for the host's init may reap nobody.
        pid=$(cat /sys/pid)
        if grep -q "^PPid:[[:space:]]*$child\$" "/proc/$pid/status"; then kill -KILL "$pid"; fi
        wait "$child" 2>/dev/null
        status=0
    fi
    sweep "$cgroup"
    exit "${status:-0}"
}

join() { # join CGROUP LAYER PROBE FOLDER...
    echo 0 >"$1/cgroup.procs"
    read -r pid _ </proc/self/stat # the host's /proc still, so this is the host's number for PID 1
    echo "$pid" | tee /sys/pid
    shift
    exec unshare --cgroup sh "$self" boot "$@"
}

boot() { # boot LAYER PROBE FOLDER...
    root=/sys/root probe=$2
    shift 2
    mount -t overlay overlay -o lowerdir=/sys/layer:/,upperdir=/sys/upper,workdir=/sys/work $root
    kernel_mounts
    extra=0
    for folder; do show "$folder"; done
    settle
    [ -z "$probe" ] || exit 0
    cd $root
    mkdir -p .host
    pivot_root . .host
    cd /
    umount -l /.host
    rmdir /.host
    # Without these three no module is loaded, no clock set and no debugfs mounted in the kernel shared with the host.
    exec env -i container=mkunit-machine LANG=C.UTF-8 \
        setpriv --bounding-set -sys_module,-sys_rawio,-sys_time \
        /lib/systemd/systemd --system --unit=machine.target --show-status=0 >/dev/null
}

kernel_mounts() { # read-only where the host's own kernel could be changed through it
    mount -t proc proc $root/proc
    for knob in sys sysrq-trigger; do
        [ -e $root/proc/$knob ] || continue
        mount --bind $root/proc/$knob $root/proc/$knob
        mount -o remount,bind,ro $root/proc/$knob
    done
    mount -t sysfs -o ro sysfs $root/sys
    mount -t cgroup2 cgroup2 $root/sys/fs/cgroup
    mount -t tmpfs -o mode=0755 tmpfs $root/run
    mount -t tmpfs -o mode=1777 tmpfs $root/tmp
    mount -t tmpfs -o mode=0755 tmpfs $root/dev
    mkdir $root/dev/pts $root/dev/shm
    mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts $root/dev/pts
    mount -t tmpfs -o mode=1777 tmpfs $root/dev/shm
    for node in null zero full random urandom tty autofs; do
        [ -e /dev/$node ] || continue
        : >$root/dev/$node
        mount --bind /dev/$node $root/dev/$node
    done
    ln -s pts/ptmx $root/dev/ptmx
    ln -s /proc/self/fd $root/dev/fd
    for number in 0:stdin 1:stdout 2:stderr; do ln -s "/proc/self/fd/${number%%:*}" "$root/dev/${number#*:}"; done
}

show() { # a folder of the host, readable by every user of the machine, at its own path; writes stay in the machine
    [ -d "$1" ] || return 0
    if [ ! -d "$root$1" ] || [ "$(stat -c %d "$1")" != "$(stat -c %d /)" ]; then
        extra=$((extra + 1))
        mkdir -p "$root$1" "/sys/extra/$extra/upper" "/sys/extra/$extra/work"
        mount -t overlay overlay \
            -o "lowerdir=$1,upperdir=/sys/extra/$extra/upper,workdir=/sys/extra/$extra/work" "$root$1"
    fi
    case $(stat -c %A "$1") in *r-[xt] | *rw[xt]) ;; *) chmod -R a+rX "$root$1" ;; esac
    above=$(dirname "$1")
    while [ "$above" != / ]; do
        chmod a+x "$root$above"
        above=$(dirname "$above")
    done
}

settle() { # the machine's own identity, and nothing of the host's set-up of systemd, nor of what mkunit did there
    rm -rf $root/etc/systemd/* $root/var/log/journal $root/var/lib/systemd $root/var/lib/mkunit
    rm -rf $root/root/.config/systemd $root/root/.local/state/mkunit
    rm -f $root/etc/fstab $root/etc/crypttab $root/etc/hostname $root/etc/machine-id
    : >$root/etc/fstab
    echo machine >$root/etc/hostname
    echo 6d6b756e69746d616368696e65000000 >$root/etc/machine-id
    units=$root/etc/systemd/system
    mkdir -p $units $root/etc/systemd/user $root/etc/systemd/journald.conf.d
    printf '[Journal]\nStorage=volatile\nRateLimitBurst=0\nForwardToSyslog=no\nForwardToConsole=no\nForwardToWall=no\n' \
        >$root/etc/systemd/journald.conf.d/machine.conf
    printf '[Unit]\nRequires=basic.target machine-shell.service\nWants=dbus.socket\nAfter=basic.target dbus.socket machine-shell.service\nAllowIsolate=yes\n' \
        >$units/machine.target
    ln -s machine.target $units/default.target
    # The commands that the tests run live in this service's cgroup.
    printf '[Unit]\nAfter=basic.target dbus.socket\nIgnoreOnIsolate=yes\n[Service]\nExecStart=sleep infinity\nExecStartPost=touch /run/machine-ready\n' \
        >$units/machine-shell.service
}

"$stage" "$@"
