from mkunit import DropIn

DropIn("ssh.socket", listen_stream=2222)  # here: dropin-appends
