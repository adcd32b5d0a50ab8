from mkunit import Service, Target

Service(
    "app",
    exec_start="/usr/bin/app",
    restart="on-failure",
    after="shop.target",
)
Target("shop", wants="app.service", after="app.service")  # here: ordering-cycle
