from mkunit import Socket

Socket("docker", listen=["/run/docker.sock"])  # here: world-writable-socket
