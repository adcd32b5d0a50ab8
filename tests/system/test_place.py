"""Where records are, who else has some, safe folders, stamps, links that enable, and probes."""

import http.server
import shutil
import threading
from pathlib import Path

import pytest

from mkunit.model.plan import Generation, Journal, Piece, Plan
from mkunit.system import probe
from mkunit.system.enabling import enabled
from mkunit.system.live import Live
from mkunit.system.place import Place, commit, stamps


def piece(name: str, text: str) -> Piece:
    return Piece(name, name, text)


def test_other_root_has_its_own_records(tmp_path: Path) -> None:
    """Nothing of this machine is touched."""
    live = Live("system", str(tmp_path))
    assert (live.folder, live.target, live.is_running()) == (
        f"{tmp_path}/etc/systemd/system",
        "/etc/systemd/system",
        False,
    )
    place = Place(live)
    assert place.state == tmp_path / "var/lib/mkunit"
    place.records("shop").commit(
        Journal(Plan("system", live.folder, generation=Generation(1, (piece("a.service", "x"),))))
    )
    assert (place.projects(), place.claims("other"), place.claims("shop")) == (["shop"], {}, {})


def test_claims_of_other_projects(tmp_path: Path) -> None:
    """A path that another project owns."""
    place = Place(Live("system", str(tmp_path)))
    journal = Journal(Plan("system", "", generation=Generation(1, (piece("a.service", "x"),))))
    place.records("shop").begin(journal)
    place.records("shop").commit(journal)
    assert place.claims("other") == {"a.service": "shop"}


@pytest.mark.parametrize(("mode", "is_safe"), [(0o755, True), (0o777, False), (0o1777, True), (0o757, False)])
def test_unsafe_folder(tmp_path: Path, mode: int, is_safe: bool) -> None:
    """A folder in which others may write, unless each may only change what is their own."""
    live = Live("system", str(tmp_path))
    folder = Path(live.folder, "a.service.d")
    folder.mkdir(parents=True)
    folder.chmod(mode)
    assert ("a.service.d" not in Place(live).unsafe(["a.service.d/x.conf"])) is is_safe


def test_folder_that_is_a_link(tmp_path: Path) -> None:
    """It may lead anywhere, whoever owns what it leads to."""
    live = Live("system", str(tmp_path))
    Path(live.folder).mkdir(parents=True)
    other = tmp_path / "other"
    other.mkdir()
    Path(live.folder, "a.service.d").symlink_to(other)
    assert "is a link" in Place(live).unsafe(["a.service.d/x.conf"])["a.service.d"]


@pytest.mark.parametrize(("mode", "is_safe"), [(0o755, True), (0o777, False)])
def test_unit_folder_behind_a_link(tmp_path: Path, mode: int, is_safe: bool) -> None:
    """A distribution, or a person with their dotfiles in one place, may have it so: what it leads to counts."""
    live = Live("system", str(tmp_path))
    Path(live.folder).parent.mkdir(parents=True)
    other = tmp_path / "srv" / "units"
    other.mkdir(parents=True)
    other.parent.chmod(mode)
    Path(live.folder).symlink_to(other)
    assert ("" not in Place(live).unsafe(["a.service"])) is is_safe


def test_stamps(tmp_path: Path) -> None:
    """They differ as the files do; a missing file has one too."""
    file = tmp_path / "f"
    before = stamps([str(file)])
    file.write_text("1")
    one = stamps([str(file)])
    file.write_text("2")
    assert len({str(before), str(one), str(stamps([str(file)]))}) == 3


def test_commit_of_no_repository(tmp_path: Path) -> None:
    """Nothing to say."""
    assert commit(tmp_path) == ""


@pytest.mark.skipif(shutil.which("systemctl") is None, reason="there is no systemctl")
def test_links_are_those_of_systemctl() -> None:
    """WantedBy, Alias, RequiredBy, a template with an instance; what has no [Install] has none."""
    units = [
        piece("a.service", "[Service]\nExecStart=/bin/a\n\n[Install]\nWantedBy=multi-user.target\nAlias=b.service\n"),
        piece("t@.service", "[Service]\nExecStart=/bin/a\n\n[Install]\nRequiredBy=x.target\nDefaultInstance=one\n"),
        piece("u@.service", "[Service]\nExecStart=/bin/a\n\n[Install]\nWantedBy=x.target\n"),
        piece("c.service", "[Service]\nExecStart=/bin/a\n"),
    ]
    found = {one.path: dict(one.links) for one in enabled(units, Generation(), "system", "/etc/systemd/system")}
    assert found == {
        "a.service": {
            "b.service": "/etc/systemd/system/a.service", "multi-user.target.wants/a.service": "/etc/systemd/system/a.service",
        },
        "t@.service": {"x.target.requires/t@one.service": "/etc/systemd/system/t@.service"},
        "u@.service": {}, "c.service": {},
    }  # fmt: skip


def test_links_on_record_are_kept() -> None:
    """Where [Install] is what it was nobody is asked."""
    text = "[Service]\nNice={}\n\n[Install]\nWantedBy=multi-user.target\n"
    links = (("anything", "/x"),)
    owned = Generation(1, (Piece("a.service", "a.service", text.format(1), links=links),))
    assert enabled([piece("a.service", text.format(2))], owned, "system", "/x")[0].links == links


class _Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/well" else 500)
        self.end_headers()

    def log_message(self, *words: object) -> None:
        pass


def test_probes() -> None:
    """A connection, a request, a command: None where all is well, else the reason."""
    with http.server.HTTPServer(("127.0.0.1", 0), _Answers) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        port = str(server.server_address[1])
        try:
            assert probe.ask(("tcp", "127.0.0.1", port)) is None
            assert probe.ask(("http", f"http://127.0.0.1:{port}/well")) is None
            assert "500" in (probe.ask(("http", f"http://127.0.0.1:{port}/ill")) or "")
        finally:
            server.shutdown()
            thread.join()
    assert probe.ask(("command", "/bin/true")) is None
    assert "ends with 3: no" in (probe.ask(("command", "/bin/sh", "-c", "echo no >&2; exit 3")) or "")
    assert probe.ask(("command", "/opt/nothing-here"))
    assert probe.ask(("tcp", "127.0.0.1", "1"))
