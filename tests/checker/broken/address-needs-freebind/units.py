from mkunit import Socket

Socket("web", listen=["192.168.1.10:8080"])  # here: address-needs-freebind
