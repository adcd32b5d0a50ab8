from mkunit import Socket

Socket("web", listen=["localhost:8080"])  # here: bad-value
