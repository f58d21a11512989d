import gzip
import hashlib
import logging
import traceback
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.fetch.asking import QUICK, SIGNED, get, refused
from tests.make.fault_server import FaultServer, hang_up, reply, status
from viewer.errors import FetchError
from viewer.fetch.client import Client, Patience, Wait

AFTER = datetime(2024, 10, 1, tzinfo=UTC)
BEFORE = datetime(2024, 9, 2, 11, tzinfo=UTC)


def test_fetches_a_file_with_its_digest_and_progress(server: FaultServer, client: Client) -> None:
    url = server.answers("/a.png", reply(b"x" * 100_000, Content_Type="image/png", ETag='"7"'))
    told: list[tuple[int, int | None]] = []
    body, received = get(client, url, on_progress=lambda n, total: told.append((n, total)))
    assert body == b"x" * 100_000
    assert received.length == 100_000
    assert received.sha256 == hashlib.sha256(body).hexdigest()
    assert (received.content_type, received.etag) == ("image/png", '"7"')
    assert told[-1] == (100_000, 100_000)


@pytest.mark.parametrize(
    "query",
    [
        SIGNED,
        "a=%2F&b=%2f&c=+&d=%20&e=%2B&f=%7E&g=~",
        "empty=&flag&&=",
        "x=%41%zz%",
        "se=2024-09-02T10%3A15%3A00Z&sig=a%2Bb%2F%3D&sv=2021",
        "q={}[]|^`!$'()*,;:@/?",
    ],
)
def test_the_query_goes_out_byte_for_byte(server: FaultServer, client: Client, query: str) -> None:
    server.answers("/a%20b/%7Ec.png", reply(b"ok"))
    get(client, server.url(f"/a%20b/%7Ec.png?{query}"))
    assert server.requests[0].target == f"/a%20b/%7Ec.png?{query}".encode()


def test_what_cannot_go_out_as_it_stands_is_encoded_and_a_fragment_stays_here(
    server: FaultServer, client: Client
) -> None:
    server.answers("/a%20b%C3%A4.png", reply(b"ok"))
    get(client, server.url("/a bä.png?q=1#part"))
    assert server.requests[0].target == b"/a%20b%C3%A4.png?q=1"


def test_only_get_without_credentials_cookies_or_encodings(server: FaultServer, client: Client) -> None:
    url = server.answers("/a.png", reply(b"one", Set_Cookie="session=1"), reply(b"two"))
    get(client, url)
    get(client, url)
    for request in server.requests:
        assert request.method == b"GET"
        assert request.headers["accept-encoding"] == "identity"
        assert not request.headers.keys() & {"authorization", "cookie", "range", "referer"}


EXPIRED = (
    b"<?xml version='1.0'?><Error><Code>AccessDenied</Code><Message>Request has expired</Message>"
    b"<X-Amz-Expires>120000</X-Amz-Expires><Expires>2023-08-26T16:28:37Z</Expires></Error>"
)


@pytest.mark.parametrize("client", [{"now": lambda: BEFORE}], indirect=True)
@pytest.mark.parametrize(
    ("code", "body", "kind", "words"),
    [
        (403, EXPIRED, "expired", "expired on 26 Aug 2023, 16:28 UTC"),
        (403, b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>", "refused", "no right"),
        (403, b"<Code>SignatureDoesNotMatch</Code><StringToSign>CANARY</StringToSign>", "refused", "altered"),
        (403, b"<Code>InvalidAccessKeyId</Code><AWSAccessKeyId>CANARY</AWSAccessKeyId>", "expired", "ended early"),
        (400, b"<Code>ExpiredToken</Code>", "expired", "ended early"),
        (400, b"<Code>InvalidToken</Code>", "expired", "ended early"),
        (403, b"<Code>RequestTimeTooSkewed</Code>", "refused", "clock"),
        (403, b"<Code>AccessDenied</Code><Message>Request is not yet valid</Message>", "refused", "not yet valid"),
        (400, b"<Code>AuthorizationQueryParametersError</Code>", "refused", "incomplete"),
        (301, b"<Code>PermanentRedirect</Code>", "server", "elsewhere"),
        (403, b"<Code>InvalidObjectState</Code>", "refused", "archived"),
        (
            403,
            b"<Code>AuthenticationFailed</Code>Signature not valid in the specified time frame",
            "expired",
            "expired",
        ),
        (404, b"<Code>NoSuchKey</Code>", "gone", "gone from the server"),
        (404, b"", "gone", "404"),
        (410, b"", "gone", "for good"),
        (451, b"", "refused", "legal"),
        (401, b"\xff\x00<Code>CANARY CANARY", "refused", "401"),
        (418, b"", "server", "418"),
        (206, b"", "server", "206"),
    ],
)
def test_a_refusal_is_told_and_not_tried_again(
    server: FaultServer, client: Client, code: int, body: bytes, kind: str, words: str
) -> None:
    server.answers("/a.png", status(code, body))
    error = refused(client, server.url(f"/a.png?{SIGNED}"))
    assert error.code == kind
    assert words in str(error)
    assert "a.png" in str(error)
    assert len(server.requests) == 1


@pytest.mark.parametrize("client", [{"now": lambda: AFTER}], indirect=True)
def test_a_plain_403_after_the_end_of_the_link_says_expired(server: FaultServer, client: Client) -> None:
    server.answers("/a.png", status(403, b"<Code>AccessDenied</Code>"))
    error = refused(client, server.url(f"/a.png?{SIGNED}"))
    assert (error.code, "3 Sep 2024, 19:35 UTC" in str(error)) == ("expired", True)


@pytest.mark.parametrize("client", [{"now": lambda: BEFORE}], indirect=True)
def test_the_clocks_difference_is_told(server: FaultServer, client: Client) -> None:
    server.answers("/a.png", status(403, b"<Code>RequestTimeTooSkewed</Code>", Date="Mon, 02 Sep 2024 16:00:00 GMT"))
    assert "differs from the server's by 5 hours" in str(refused(client, server.url("/a.png")))


@pytest.mark.parametrize("code", [408, 429, 500, 502, 503, 504])
def test_what_may_pass_is_tried_again(server: FaultServer, client: Client, code: int) -> None:
    url = server.answers("/a.png", status(code), reply(b"pixels"))
    assert get(client, url)[0] == b"pixels"


def test_what_does_not_pass_is_told_with_the_number_of_tries(server: FaultServer, client: Client) -> None:
    error = refused(client, server.answers("/a.png", status(500)))
    assert "Tried 3 times" in str(error)
    assert len(server.requests) == 3


def test_a_server_that_asks_for_minutes_is_not_waited_for_in_silence(server: FaultServer, client: Client) -> None:
    error = refused(client, server.answers("/a.png", status(429, Retry_After="240")))
    assert "240 s" in str(error)
    assert len(server.requests) == 1


def test_a_wait_is_told_and_then_over(server: FaultServer, client: Client) -> None:
    url = server.answers("/a.png", status(429, Retry_After="0"), status(500), reply(b"pixels"))
    told: list[Wait] = []
    assert get(client, url, on_wait=told.append)[0] == b"pixels"
    assert [(wait.seconds, wait.is_busy, wait.host) for wait in told] == [
        (0.0, True, "127.0.0.1"),
        (0.0, False, "127.0.0.1"),
    ]
    assert "too busy to send a.png" in str(told[0].after)


@pytest.mark.parametrize(("asked", "waits"), [("299", True), ("301", False)])
def test_no_server_is_waited_for_longer_than_five_minutes(
    server: FaultServer, client: Client, asked: str, waits: bool
) -> None:
    url = server.answers("/a.png", status(503, b"<Code>SlowDown</Code>", Retry_After=asked))
    told: list[Wait] = []
    error = refused(client, url, on_wait=told.append, cancelled=lambda: bool(told))
    assert (error.code == "cancelled", bool(told)) == (waits, waits)


def test_one_file_may_not_take_for_ever(server: FaultServer) -> None:
    client = Client(allow_private_hosts=True, patience=Patience(wait_s=0.0, whole_s=0.0))
    error = refused(client, server.answers("/a.png", hang_up()))
    assert (error.code, "within the time" in str(error)) == ("timeout", True)
    client.close()


def test_the_servers_clock_is_learned_and_believed(server: FaultServer) -> None:
    client = Client(allow_private_hosts=True, patience=QUICK, now=lambda: BEFORE)
    url = server.answers("/a.png", reply(b"pixels", Date="Tue, 03 Sep 2024 11:00:00 GMT"))
    get(client, url)
    assert client.clock.now("127.0.0.1") == datetime(2024, 9, 3, 11, tzinfo=UTC)
    client.close()


def test_a_body_that_ends_early_starts_again_and_leaves_nothing_behind(server: FaultServer, client: Client) -> None:
    url = server.answers("/a.png", hang_up(reply(b"XXXX", length=6)), reply(b"pixels"))
    assert get(client, url)[0] == b"pixels"


def test_a_body_that_is_always_too_short_is_told(server: FaultServer, client: Client) -> None:
    error = refused(client, server.answers("/a.png", hang_up(reply(b"XXXX", length=6))))
    assert "Tried 3 times" in str(error)


def test_a_body_longer_than_announced_is_told(server: FaultServer, client: Client) -> None:
    assert "announced" in str(refused(client, server.answers("/a.png", reply(b"X" * 2000, length=100))))


def test_an_interim_answer_is_not_counted_as_body(server: FaultServer, client: Client) -> None:
    url = server.answers("/a.png", b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n" + reply(b"pixels"))
    assert get(client, url)[0] == b"pixels"


def test_without_a_length_the_body_ends_with_the_connection(server: FaultServer, client: Client) -> None:
    body, received = get(client, server.answers("/a.png", hang_up(reply(b"pixels", length=-1))))
    assert (body, received.length) == (b"pixels", 6)


def test_chunks_are_joined(server: FaultServer, client: Client) -> None:
    url = server.answers("/a.png", reply(b"3\r\npix\r\n3\r\nels\r\n0\r\n\r\n", length=-1, Transfer_Encoding="chunked"))
    assert get(client, url)[0] == b"pixels"


def test_an_endless_body_is_cut_at_the_limit(server: FaultServer, client: Client) -> None:
    url = server.answers("/a.png", server.endless(reply(length=-1), b"x" * 65536))
    assert refused(client, url, limit=1_000_000).code == "too-large"


def test_a_body_announced_as_too_large_is_not_read(server: FaultServer, client: Client) -> None:
    url = server.answers("/a.png", server.hang(reply(length=1 << 50)))
    assert refused(client, url).code == "too-large"


def test_the_room_on_the_disk_is_asked_for_first(server: FaultServer, client: Client) -> None:
    def no_room(length: int) -> None:
        raise FetchError(f"no room for {length}", code="disk")

    url = server.answers("/a.png", server.hang(reply(length=12345)))
    assert "12345" in str(refused(client, url, check_room=no_room))


def test_endless_headers_end(server: FaultServer, client: Client) -> None:
    url = server.answers("/a.png", server.endless(b"HTTP/1.1 200 OK\r\n", b"X-Filler: " + b"x" * 1000 + b"\r\n"))
    assert refused(client, url).code == "server"


def test_more_headers_than_any_file_has_are_refused(server: FaultServer, client: Client) -> None:
    url = server.answers("/a.png", reply(b"ok", X_Filler="x" * 70_000))
    assert "headers" in str(refused(client, url))


SHORT = Patience(connect_s=0.2, first_byte_s=0.2, idle_s=0.2, slow_s=0.1, slow_bytes_per_s=1 << 40, tries=1)


@pytest.mark.parametrize("client", [{"patience": SHORT}], indirect=True)
@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\n", reply(b"pix", length=6)])
def test_a_silent_server_ends_in_a_sentence(server: FaultServer, client: Client, start: bytes) -> None:
    assert refused(client, server.answers("/a.png", server.hang(start))).code == "timeout"


@pytest.mark.parametrize("client", [{"patience": SHORT}], indirect=True)
def test_a_head_that_trickles_has_a_deadline(server: FaultServer, client: Client) -> None:
    def trickle(send: Any) -> None:
        send(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not server.held.wait(0.02):  # each byte in time, the whole never
            send(b"x")

    assert refused(client, server.answers("/a.png", trickle)).code == "timeout"


@pytest.mark.parametrize("client", [{"patience": SHORT}], indirect=True)
def test_a_body_slower_than_the_limit_ends(server: FaultServer, client: Client) -> None:
    def trickle(send: Any) -> None:
        send(reply(length=1_000_000))
        while not server.held.wait(0.02):
            send(b"x")

    assert "too slowly" in str(refused(client, server.answers("/a.png", trickle)))


def test_cancelling_ends_a_fetch_wherever_it_waits(server: FaultServer) -> None:
    client = Client(allow_private_hosts=True, patience=Patience(first_byte_s=1e6, idle_s=1e6, tries=1))
    for start in (b"", reply(b"p" * 1000, length=2000)):
        asked: list[int] = []

        def cancelled(asked: list[int] = asked) -> bool:
            asked.append(1)
            return len(asked) > 4

        assert refused(client, server.answers("/a.png", server.hang(start)), cancelled=cancelled).code == "cancelled"
    client.close()


def test_cancelling_ends_the_wait_between_two_tries(server: FaultServer) -> None:
    client = Client(allow_private_hosts=True, patience=Patience(wait_max_s=1000.0))
    url = server.answers("/a.png", status(503, Retry_After="900"))
    error = refused(client, url, cancelled=lambda: bool(server.requests))
    assert error.code == "cancelled"
    client.close()


def test_a_web_page_instead_of_the_picture_is_told(server: FaultServer, client: Client) -> None:
    page = reply(b"\n<!DOCTYPE html><html>Log in</html>", Content_Type="text/html")
    assert "web page" in str(refused(client, server.answers("/a.png", page)))
    assert get(client, server.answers("/page.html", page), name="page.html")[0].startswith(b"\n<!DOCTYPE")


def test_a_packed_body_is_kept_as_it_came(server: FaultServer, client: Client) -> None:
    packed = gzip.compress(b"pixels")
    body, received = get(client, server.answers("/a.png", reply(packed, Content_Encoding="gzip")))
    assert (body, received.encoding) == (packed, "gzip")


def test_nothing_of_the_query_is_logged(server: FaultServer, client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    server.answers("/a.png", status(302, Location=f"/b.png?{SIGNED}"))
    server.answers("/b.png", status(500), reply(b"pixels"))
    get(client, server.url(f"/a.png?{SIGNED}"))
    refused(client, server.url(f"/none.png?{SIGNED}"))
    assert "CANARY" not in caplog.text
    assert "X-Amz" not in caplog.text


def test_exceptions_carry_no_query_not_even_in_what_caused_them(server: FaultServer, client: Client) -> None:
    url = server.answers("/a.png", hang_up(b"")) + f"?{SIGNED}"
    with pytest.raises(FetchError) as caught:
        get(client, url)
    text = "".join(traceback.format_exception(caught.value))
    assert "X-Amz-Signature=CANARY" not in text.replace(repr(url), "")
