from mkunit import Socket

Socket(
    "echo",
    listen=["127.0.0.1:7"],
    accept=True,
    service="echo.service",  # here: accept-with-service
)
