from mkunit import Socket

Socket("metrics", listen=[9100])  # here: bare-port-is-public
