"""Where a request may go: redirects, addresses, names, certificates, proxies."""

import socket
import threading
from pathlib import Path

import pytest

from tests.fetch.asking import QUICK, get, refused
from tests.make.fault_server import FaultServer, reply, serving, status
from viewer.fetch import policy
from viewer.fetch.client import Client


def test_a_host_is_allowed_one_by_one(server: FaultServer) -> None:
    client = Client(patience=QUICK, resolve=lambda host, port: ["127.0.0.1"])
    server.answers("/a.png", reply(b"pixels"))
    url = server.url("/a.png", host="pictures.test")
    error = refused(client, url)
    assert (error.code, error.host, error.address) == ("private-host", "pictures.test", "127.0.0.1")
    client.allowed_hosts.add("pictures.test")
    assert get(client, url)[0] == b"pixels"
    assert refused(client, server.url("/a.png", host="other.test")).code == "private-host"
    client.close()


def test_a_redirect_is_followed_with_its_query(server: FaultServer, client: Client) -> None:
    server.answers("/old.png", status(302, Location="/new/b.png?sig=%2F+&X=%2f"))
    server.answers("/new/b.png", reply(b"pixels"))
    assert get(client, server.url("/old.png?first=1"))[0] == b"pixels"
    assert server.requests[1].target == b"/new/b.png?sig=%2F+&X=%2f"


def test_a_redirect_to_another_server_keeps_its_bytes(server: FaultServer, client: Client) -> None:
    with serving() as other:
        server.answers("/a.png", status(307, Location=other.url("/b.png?%7E=%2F")))
        other.answers("/b.png", reply(b"there"))
        assert get(client, server.url("/a.png"))[0] == b"there"
        assert other.requests[0].target == b"/b.png?%7E=%2F"


def test_a_redirect_loop_ends(server: FaultServer, client: Client) -> None:
    assert "more than 5 times" in str(refused(client, server.answers("/a.png", status(302, Location="/a.png"))))
    assert len(server.requests) == 6


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("file:///etc/passwd", "policy"),
        ("ftp://example.com/a", "policy"),
        ("http://user:secret@example.com/a", "policy"),
        ("http://169.254.169.254/latest/meta-data", "policy"),
        ("http://[fe80::1]/a", "policy"),
        ("http://0.0.0.0/a", "policy"),
        ("http://224.0.0.1/a", "policy"),
        ("//metadata.test/a", "policy"),
    ],
)
def test_a_redirect_to_a_forbidden_place_is_refused(
    server: FaultServer, client: Client, location: str, code: str
) -> None:
    client._resolve = lambda host, port: ["169.254.169.254"] if host == "metadata.test" else [host.strip("[]")]
    assert refused(client, server.answers("/a.png", status(302, Location=location))).code == code


@pytest.mark.parametrize("client", [{"allow_private_hosts": False}], indirect=True)
def test_a_redirect_into_the_intranet_is_refused_before_a_connection(
    server: FaultServer, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge = policy.judge  # this test's server plays one in the internet
    monkeypatch.setattr(policy, "judge", lambda ip: "public" if str(ip) == "127.0.0.1" else judge(ip))
    client._resolve = lambda host, port: ["127.0.0.2"] if host == "intranet.test" else ["127.0.0.1"]
    server.answers("/a.png", status(302, Location=server.url("/b.png", host="intranet.test")))
    error = refused(client, server.url("/a.png", host="public.test"))
    assert (error.code, "127.0.0.2" in str(error)) == ("private-host", True)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("addresses", "code"),
    [
        (["10.0.0.7"], "private-host"),
        (["93.184.216.34", "192.168.1.1"], "private-host"),
        (["127.0.0.1"], "private-host"),
        (["::1"], "private-host"),
        (["64:ff9b::7f00:1"], "private-host"),
        (["2002:7f00:1::"], "private-host"),
        (["93.184.216.34", "169.254.169.254"], "policy"),
        (["fe80::1%lo"], "policy"),
    ],
)
def test_every_resolved_address_is_checked_before_a_connection(addresses: list[str], code: str) -> None:
    client = Client(patience=QUICK, resolve=lambda host, port: addresses)
    assert refused(client, "http://pictures.test/a.png").code == code
    client.close()


def test_a_name_is_resolved_once_and_the_checked_address_is_used(server: FaultServer) -> None:
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

    client = Client(allow_private_hosts=True, patience=QUICK, resolve=rebinding)
    server.answers("/a.png", reply(b"pixels"))
    assert get(client, server.url("/a.png", host="pictures.test"))[0] == b"pixels"
    assert asked == ["pictures.test"]
    assert server.requests[0].headers["host"] == f"pictures.test:{server.port}"
    client.close()


def test_the_next_address_is_tried_when_one_does_not_answer(server: FaultServer) -> None:
    client = Client(allow_private_hosts=True, patience=QUICK, resolve=lambda host, port: ["127.0.0.9", "127.0.0.1"])
    server.answers("/a.png", reply(b"pixels"))
    assert get(client, server.url("/a.png", host="pictures.test"))[0] == b"pixels"
    client.close()


def test_tls_is_checked_against_the_name_and_not_the_address(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = data / "pictures.example.pem"
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    with serving(certificate=certificate) as server:
        server.answers("/a.png", reply(b"pixels"))
        client = Client(allow_private_hosts=True, patience=QUICK, resolve=lambda host, port: ["127.0.0.1"])
        assert get(client, server.url("/a.png", host="pictures.example", scheme="https"))[0] == b"pixels"
        assert server.names == ["pictures.example"]
        error = refused(client, server.url("/a.png", host="other.example", scheme="https"))
        assert "not safe" in str(error)
        server.answers("/b.png", status(302, Location=server.url("/a.png", host="pictures.example")))
        error = refused(client, server.url("/b.png", host="pictures.example", scheme="https"))
        assert (error.code, "unprotected" in str(error)) == ("policy", True)
        client.close()


def test_an_unknown_certificate_is_told_and_not_tried_again(data: Path) -> None:
    with serving(certificate=data / "pictures.example.pem") as server:
        client = Client(allow_private_hosts=True, patience=QUICK, resolve=lambda host, port: ["127.0.0.1"])
        error = refused(client, server.url("/a.png", host="pictures.example", scheme="https"))
        assert "certificate" in str(error)
        assert len(server.names) == 1
        client.close()


def test_nobody_listening_and_an_unknown_name_have_sentences(server: FaultServer) -> None:
    server.close()
    client = Client(allow_private_hosts=True, patience=QUICK)
    assert "nobody answers" in str(refused(client, server.url("/a.png")))
    client.close()

    def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    client = Client(patience=QUICK, resolve=unknown)
    assert "no server named nowhere.test" in str(refused(client, "http://nowhere.test/a.png"))
    client.close()


def test_resolving_does_not_hold_up_cancelling() -> None:
    held = threading.Event()

    def stuck(host: str, port: int) -> list[str]:
        held.wait()
        return []

    asked: list[int] = []

    def cancelled() -> bool:
        asked.append(1)
        return len(asked) > 2

    client = Client(patience=QUICK, resolve=stuck)
    assert refused(client, "http://nowhere.test/a.png", cancelled=cancelled).code == "cancelled"
    held.set()
    client.close()


def test_an_environments_proxy_is_used_and_literals_are_checked_before_it(
    server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", server.url(""))
    monkeypatch.setenv("no_proxy", "direct.test")
    client = Client(patience=QUICK, resolve=lambda host, port: ["127.0.0.1"])
    server.answers("http://pictures.test/a.png", reply(b"by proxy"))
    assert get(client, "http://pictures.test/a.png?x=%2f")[0] == b"by proxy"
    assert server.requests[0].target == b"http://pictures.test/a.png?x=%2f"
    for host in ("2130706433", "0x7f000001", "127.1", "localhost", "a.localhost", "10.0.0.1", "[::ffff:10.0.0.1]"):
        assert refused(client, f"http://{host}/a.png").code == "private-host", host
    for host in ("169.254.169.254", "0", "[::]"):
        assert refused(client, f"http://{host}/a.png").code == "policy", host
    assert len(server.requests) == 1
    client.close()
