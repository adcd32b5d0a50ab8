from mkunit import Socket

Socket("imap", listen=["[::]:143", "0.0.0.0:143"])  # here: v4-v6-clash
