"""A service that knows nothing of systemd: it opens its own socket, as most programs do."""

import socket
import sys


def main() -> None:
    with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as listener:
        while True:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(b"hello, I have opened my socket myself\n")


if __name__ == "__main__":
    main()
