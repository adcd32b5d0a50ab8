from mkunit import Socket

Socket("web")  # here: no-listener
