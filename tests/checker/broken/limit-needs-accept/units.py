from mkunit import Socket

Socket("web", listen=["127.0.0.1:8080"], max_connections=100)  # here: limit-needs-accept
