"""Settings that the shop's units have in common; a name with a leading underscore is for import only."""

from mkunit import param

USER = "www-data"
PORT = param("port", 8080)

# What each of the shop's services has, unless it says otherwise.
service = {
    "user": USER,
    "slice": "shop.slice",
    "part_of": "shop.target",
    "hardening": "strict",
}

# A service that stays up.
daemon = {**service, "restart": "on-failure", "restart_sec": 2}
