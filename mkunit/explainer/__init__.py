"""What a unit means, in words: who can connect to it, when and why it starts, what happens when it ends; pure.

It takes a unit as systemd reads it, drop-ins merged in, and Protocols for what only a machine can answer.
"""
