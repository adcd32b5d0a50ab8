from mkunit import Socket

Socket(
    "web",
    listen=[8080],
    ip_address_deny="any",
    ip_address_allow="localhost",
)
Socket("admin", listen=["127.0.0.1:8080"])  # here: duplicate-address
