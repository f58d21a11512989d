import gzip
import json
import threading
import traceback
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.make import fault_server
from tests.make.hub_server import KEY, PROJECT, SIGNATURE, HubServer, serving
from viewer import limits
from viewer.errors import FetchError
from viewer.fetch.client import Answer, Patience, Wait
from viewer.fetch.hub import HOSTS, Hub, check_host, check_key, without_query

QUICK = Patience(connect_s=5.0, first_byte_s=5.0, idle_s=5.0, wait_s=0.0, tries=3)


@pytest.fixture
def server() -> Iterator[HubServer]:
    with serving() as server:
        yield server


@pytest.fixture
def hub(server: HubServer) -> Iterator[Hub]:
    hub = Hub(server.host, KEY, patience=QUICK)
    yield hub
    hub.close()


def link(hub: Hub, url: str, *, project: str = PROJECT) -> str:
    return hub.signed_url(url, project=project, kind="assets")


def refused(hub: Hub, url: str, *, project: str = PROJECT) -> FetchError:
    with pytest.raises(FetchError) as caught:
        link(hub, url, project=project)
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value) + str(caught.value)
    assert KEY not in shown
    assert SIGNATURE not in shown
    assert "ignature=" not in shown
    return caught.value


# ---- what is asked -----------------------------------------------------------------------------------------


def test_asks_as_the_sdk_does(server: HubServer, hub: Hub) -> None:
    """The name is the link without its query; all is percent-encoded as its library does it."""
    old = server.dead("/p 1/a+b&c=d.png")
    new = hub.signed_url(old, project=PROJECT, kind="medicalBrushes")
    asked = server.asked[0]
    name = without_query(old)
    assert "?" not in name
    assert asked.query == {"name": name, "project": PROJECT, "type": "medicalBrushes"}
    encoded = quote(name, safe="").replace("%20", "+")
    assert asked.raw == f"/v2/getSignedUrl?name={encoded}&project={PROJECT}&type=medicalBrushes"
    assert asked.headers["apikey"] == KEY
    assert "authorization" not in asked.headers
    assert new.partition("?")[0] == f"{server.host}/p 1/a+b&c=d.png"
    assert SIGNATURE in new


def test_a_fresh_export_is_asked_for_and_fetched_without_the_key(server: HubServer, hub: Hub) -> None:
    server.export = [{"asset": server.url("/p/a.png"), "externalId": "a.png"}]
    seen: list[int] = []
    content = hub.export(PROJECT, on_progress=lambda received, total: seen.append(received))
    with zipfile.ZipFile(content) as archive:
        lines = archive.read(archive.namelist()[0]).splitlines()
    assert json.loads(lines[0])["externalId"] == "a.png"
    question, file = server.asked
    assert question.query["format"] == "ndjson"
    assert question.query["type"] == "task"
    assert question.query["sendEmail"] == "false"
    assert question.query["doNotNotify"] == "true"
    assert question.query["project"] == PROJECT
    assert question.headers["apikey"] == KEY
    assert "apikey" not in file.headers
    assert KEY not in file.raw
    assert seen[-1] == len(content.getvalue())


def test_the_key_is_in_no_repr(hub: Hub) -> None:
    assert KEY not in repr(hub)
    assert "127.0.0.1" in repr(hub)


# ---- hosts and keys ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "used"),
    [
        ("https://imeritapi.ango.ai", "https://imeritapi.ango.ai"),
        ("  imeritapi.ango.ai/ ", "https://imeritapi.ango.ai"),
        ("HTTPS://US-API.ango.ai", "https://us-api.ango.ai"),
        ("hub.example.org:8443/api/", "https://hub.example.org:8443/api"),
        ("http://127.0.0.1:9000", "http://127.0.0.1:9000"),
        ("http://localhost:9000/", "http://localhost:9000"),
        ("http://[::1]:9000", "http://[::1]:9000"),
    ],
)
def test_hosts_are_written_in_one_way(typed: str, used: str) -> None:
    assert check_host(typed) == used


@pytest.mark.parametrize(
    "typed",
    ["", "   ", "ftp://hub.example.org", "http://hub.example.org", "http://10.0.0.1", "http://127.0.0.1.example.org",
     "http://localhost.example.org", "https://user:secret@hub.example.org", "https://hub.example.org/?apikey=x",
     "https://hub.example.org/#x", "https://hub.example.org\\@evil", "https://", "https://hub.example.org:0",
     "https://a\nb.example.org", "file:///etc/passwd", "http://0x7f000001"],
)  # fmt: skip
def test_a_key_goes_to_no_such_host(typed: str) -> None:
    with pytest.raises(FetchError) as caught:
        check_host(typed)
    assert caught.value.code == "policy"
    assert "secret" not in str(caught.value)


def test_all_known_hosts_are_used_as_they_are() -> None:
    assert len(HOSTS) == 4
    for host, _ in HOSTS:
        assert check_host(host) == host


@pytest.mark.parametrize("typed", ["", "  ", "two words", "line\nbreak", "schlüssel", "x" * 9000, "a\x00b"])
def test_what_cannot_be_a_key_is_not_sent(typed: str) -> None:
    with pytest.raises(FetchError) as caught:
        check_key(typed)
    assert caught.value.code == "key"
    assert check_key(f" {KEY}\n") == KEY


def test_a_known_host_that_leads_home_gets_nothing() -> None:
    """Somebody's name server may say that Ango's host is a machine of this network."""
    hub = Hub(HOSTS[0][0], KEY, patience=QUICK, resolve=lambda host, port: ["10.1.2.3"])
    error = refused(hub, "https://bucket.example.com/a.png")
    assert error.code == "policy"
    assert "10.1.2.3" in str(error)
    hub.close()


def test_no_metadata_service_gets_a_key() -> None:
    hub = Hub("https://hub.example.org", KEY, patience=QUICK, resolve=lambda host, port: ["169.254.169.254"])
    assert refused(hub, "https://bucket.example.com/a.png").code == "policy"
    hub.close()


def test_no_proxy_gets_the_key_in_clear(server: HubServer, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    with fault_server.serving() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url(""))
        assert SIGNATURE in link(hub, server.dead("/a.png"))
        assert not proxy.requests


# ---- answers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (401, "key", "did not accept this key (401)"),
        (403, "key", "did not accept this key (403)"),
        (404, "gone", "knows no such project or file (404)"),
        (410, "gone", "(410)"),
        (451, "blocked", "451, geofencing"),
        (400, "refused", "Check the project's id"),
        (422, "refused", "(422)"),
        (204, "server", "answered 204"),
        (418, "server", "answered 418"),
    ],
)
def test_what_does_not_pass_is_asked_once(server: HubServer, hub: Hub, status: int, code: str, words: str) -> None:
    server.always = (status, b"" if status == 204 else f"apikey {KEY} {SIGNATURE}".encode(), {})
    error = refused(hub, server.dead("/a.png"))
    assert error.code == code
    assert words in str(error)
    assert len(server.asked) == 1


def test_a_wrong_key(server: HubServer) -> None:
    hub = Hub(server.host, "wrongKey", patience=QUICK)
    error = refused(hub, server.dead("/a.png"))
    hub.close()
    assert error.code == "key"
    assert "wrongKey" not in str(error)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("same", [True, False])
def test_the_key_follows_no_redirect(server: HubServer, hub: Hub, status: int, same: bool) -> None:
    with fault_server.serving() as other:
        target = server.url("/p/a.png") if same else other.url("/steal")
        server.always = (status, b"", {"Location": target})
        error = refused(hub, server.dead("/a.png"))
        assert not other.requests
    assert error.code == "policy"
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>Welcome</html>", b"[]", b"{}", b'{"data": null}', b'{"data": {"signedUrl": 7}}', b"\xff\xfe{",
     b'{"data": {"url": "https://x.example.com/a"}}', b'{"data": {"signedUrl": "javascript:alert(1)"}}',
     b'{"data": {"signedUrl": "https://u:p@x.example.com/a"}}', b'{"data": {"signedUrl": "/relative"}}',
     b'{"data": {"signedUrl": "https://x.example.com/a\\nb"}}', b"[" * 100_000,
     b'{"data": {"signedUrl": "https://x.example.com/' + b"a" * limits.HUB_ANSWER_BYTES + b'"}}',
     gzip.compress(b'{"data": {"signedUrl": "https://x.example.com/a"}}')],
    ids=range(15),
)  # fmt: skip
def test_what_is_no_link_is_told(server: HubServer, hub: Hub, body: bytes) -> None:
    server.always = (200, body, {"Content-Type": "application/json"})
    error = refused(hub, server.dead("/a.png"))
    assert error.code == "server"
    assert "may be no Ango Hub server" in str(error)
    with pytest.raises(FetchError, match="not with an export"):
        hub.export(PROJECT)


def test_an_unprotected_link_in_place_of_a_protected_one(server: HubServer, hub: Hub) -> None:
    server.always = (200, b'{"data": {"signedUrl": "http://x.example.com/a"}}', {})
    error = refused(hub, "https://x.example.com/a?sig=1&se=2024-09-02")
    assert error.code == "policy"
    assert "unprotected" in str(error)


def test_a_busy_server_is_given_the_time_that_it_asks_for(server: HubServer) -> None:
    waits: list[Wait] = []
    hub = Hub(server.host, KEY, patience=QUICK, on_wait=waits.append)
    server.answers = [(429, b"", {"Retry-After": "1"})]
    assert SIGNATURE in link(hub, server.dead("/a.png"))
    hub.close()
    assert [(wait.seconds, wait.is_busy, wait.host) for wait in waits] == [(1.0, True, "127.0.0.1")]
    assert "too many questions (429)" in str(waits[0].after)


def test_a_server_that_asks_for_an_hour_is_told_of(server: HubServer, hub: Hub) -> None:
    server.always = (429, b"", {"Retry-After": "3600"})
    error = refused(hub, server.dead("/a.png"))
    assert error.code == "server"
    assert "It asks to wait 60 min." in str(error)
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_what_may_pass_is_asked_again(server: HubServer, hub: Hub, status: int) -> None:
    server.answers = [(status, b"", {}), (status, b"", {})]
    assert SIGNATURE in link(hub, server.dead("/a.png"))
    server.asked.clear()
    server.always = (status, b"", {})
    error = refused(hub, server.dead("/a.png"))
    assert error.code == "server"
    assert f"({status})" in str(error)
    assert len(server.asked) == QUICK.tries


def test_nobody_there(server: HubServer) -> None:
    with fault_server.serving() as gone:
        host = gone.url("")
    hub = Hub(host, KEY, patience=QUICK)
    assert "nobody answers" in str(refused(hub, server.dead("/a.png")))
    hub.close()

    def unknown(host: str, port: int) -> list[str]:
        import socket

        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    hub = Hub("https://hub.example.org", KEY, patience=QUICK, resolve=unknown)
    error = refused(hub, server.dead("/a.png"))
    hub.close()
    assert error.code == "offline"
    assert "hub.example.org" in str(error)


def test_a_server_that_is_silent() -> None:
    with fault_server.serving() as server:
        server.answers("/v2/getSignedUrl", server.hang())
        hub = Hub(server.url(""), KEY, patience=Patience(first_byte_s=0.2, connect_s=0.2, wait_s=0.0, tries=1))
        assert refused(hub, "http://127.0.0.1/a.png").code == "timeout"
        hub.close()


def test_cancelled_while_the_server_thinks(server: HubServer, hub: Hub) -> None:
    server.held.clear()
    stop = threading.Event()
    found: list[str] = []

    def ask() -> None:
        try:
            hub.signed_url(server.dead("/a.png"), project=PROJECT, kind="assets", cancelled=stop.is_set)
        except FetchError as error:
            found.append(error.code)

    thread = threading.Thread(target=ask)
    thread.start()
    stop.set()
    thread.join(10)
    assert found == ["cancelled"]


def test_an_export_that_is_too_large_is_not_taken(server: HubServer, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "HUB_EXPORT_BYTES", 100)
    server.export = [{"asset": f"{n}"} for n in range(1000)]
    with pytest.raises(FetchError) as caught:
        hub.export(PROJECT)
    assert caught.value.code == "too-large"


def test_an_export_is_not_fetched_unprotected(server: HubServer, monkeypatch: pytest.MonkeyPatch) -> None:
    hub = Hub("https://hub.example.org", KEY, patience=QUICK)
    body = json.dumps({"data": {"exportPath": server.url("/exports/fresh.zip")}}).encode()
    monkeypatch.setattr(hub._client, "ask", lambda *_, **__: Answer(200, {}, body))
    with pytest.raises(FetchError, match="unprotected"):
        hub.export(PROJECT)
    hub.close()
    assert not server.asked


def test_a_server_with_an_unknown_certificate_gets_no_key(data: Path) -> None:
    """The name leads to a server of somebody else: TLS ends it before the key is sent."""
    with fault_server.serving(certificate=data / "pictures.example.pem") as other:
        hub = Hub(f"https://localhost:{other.port}", KEY, patience=QUICK)
        error = refused(hub, "https://bucket.example.com/a.png")
        hub.close()
        assert "is not safe" in str(error)
        assert not other.requests
