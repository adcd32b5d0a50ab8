"""Asks a service whether it is well: a connection, an HTTP request, or a command; no shell is involved."""

import http.client
import os
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Sequence

from mkunit.system.person import Person

_TIMEOUT = 5.0  # seconds


def ask(words: Sequence[str], user: Person | None = None) -> str | None:
    """None where all is well, else what is wrong; a command is run as the user, if one is named."""
    match words:
        case ["tcp", host, port]:
            return _tcp(host, int(port))
        case ["http", address]:
            return _http(address)
        case ["command", *argv]:
            return _command(argv, user)
    return f"a probe cannot be {words!r}"


def _tcp(host: str, port: int) -> str | None:
    try:
        socket.create_connection((host, port), _TIMEOUT).close()
    except OSError as error:
        return f"{host}:{port}: {error.strerror or error}"
    return None


def _http(address: str) -> str | None:
    try:
        # A service is asked where it is: no proxy of the person at the terminal has a say in it.
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address, timeout=_TIMEOUT):
            return None
    except urllib.error.HTTPError as error:
        error.close()
        return f"{address}: answers with {error.code} {error.reason}"
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        return f"{address}: {reason}"


def _command(argv: Sequence[str], user: Person | None) -> str | None:
    try:
        done = subprocess.run(
            argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=_TIMEOUT * 2,
            check=False, cwd="/" if user else None, env=user.environment(os.environ) if user else None,
            user=user.uid if user else None, group=user.gid if user else None,
            extra_groups=user.groups if user else None, start_new_session=bool(user),
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"`{argv[0]}`: {error}"
    said = (done.stderr or done.stdout).strip().rpartition("\n")[2]
    return f"`{argv[0]}` ends with {done.returncode}{f': {said}' if said else ''}" if done.returncode else None
