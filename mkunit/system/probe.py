"""Asks a service whether it is well: a connection, an HTTP request, or a command; no shell is involved."""

import http.client
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Sequence

_TIMEOUT = 5.0  # seconds


def ask(words: Sequence[str]) -> str | None:
    """None where all is well, else what is wrong."""
    match words:
        case ["tcp", host, port]:
            return _tcp(host, int(port))
        case ["http", address]:
            return _http(address)
        case ["command", *argv]:
            return _command(argv)
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


def _command(argv: Sequence[str]) -> str | None:
    try:
        done = subprocess.run(
            argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=_TIMEOUT * 2,
            check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"`{argv[0]}`: {error}"
    said = (done.stderr or done.stdout).strip().rpartition("\n")[2]
    return f"`{argv[0]}` ends with {done.returncode}{f': {said}' if said else ''}" if done.returncode else None
