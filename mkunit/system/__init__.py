"""The machine: the only room that writes files and runs systemd's programs."""
