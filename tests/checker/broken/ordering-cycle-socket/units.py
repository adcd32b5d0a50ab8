from mkunit import Service, Socket

Service("app", exec_start="/usr/bin/app", restart="on-failure")
Socket("web", listen=["127.0.0.1:8080"], after="app.service")  # here: ordering-cycle
