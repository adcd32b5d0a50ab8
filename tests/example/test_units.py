"""The example in `units/`, tested as any repository of units is: by the plugin that mkunit brings."""


def test_unit_file(unit_file):
    """Each file is what was last agreed to; `pytest --snapshot-update` agrees to a change, `git diff` shows it."""
    unit_file.assert_snapshot()


def test_units_are_valid(units, assert_valid):
    """From Debian 12's systemd on, nothing is refused, ignored or lost, and nothing is unwise."""
    assert_valid(units, systemd=252, strict=True)
    assert_valid(units, systemd=257, strict=True)


def test_the_shop_is_reached_over_its_sockets(units):
    """TCP first: the descriptors are passed in this order."""
    socket = units["shop.socket"]
    assert socket.listen == ("8080", "/run/shop.sock")
    assert socket.activates == "shop-web.service"
    assert units["shop-web.service"].after == ("shop-app.service",)


def test_no_service_is_root(units):
    """What faces the network runs as a user of its own."""
    services = [unit for unit in units.values() if unit.kind == "service" and unit.scope == "system"]
    assert {unit.user for unit in services if not unit.dropin} == {"www-data"}
