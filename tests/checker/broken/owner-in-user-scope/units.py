from mkunit import Socket

Socket(
    "web",
    listen=["%t/web.sock"],
    socket_user="www-data",  # here: owner-in-user-scope
    scope="user",
)
