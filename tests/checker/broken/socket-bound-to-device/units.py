from mkunit import Socket, udp

Socket(
    "dhcp",
    listen=[udp(67, host="0.0.0.0")],
    bind_to_device="eth0",  # here: socket-bound-to-device
)
