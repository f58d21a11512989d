import errno
import socket
import ssl

import httpcore
import httpx
import pytest

from viewer.errors import FetchError
from viewer.fetch.failures import Passing, in_words, not_written

SECRET = "https://store.test/a.png?X-Amz-Signature=CANARY"


@pytest.mark.parametrize(
    ("raised", "passes", "code", "words"),
    [
        (httpx.InvalidURL(SECRET), False, "policy", "not a valid URL"),
        (httpcore.ConnectTimeout(SECRET), True, "timeout", "no connection after 7 s"),
        (httpx.PoolTimeout(SECRET), True, "timeout", "does not answer"),
        (httpcore.ReadTimeout(SECRET), True, "timeout", "8 s of silence"),
        (TimeoutError(SECRET), True, "timeout", "stopped sending"),
        (httpcore.ProxyError(SECRET), False, "server", "proxy"),
        (ssl.SSLCertVerificationError("certificate verify failed: expired (x)"), False, "server", "(expired)"),
        (httpcore.ConnectError("[SSL] handshake"), False, "server", "not safe"),
        (socket.gaierror(socket.EAI_NONAME, "x"), False, "offline", "no server named"),
        (socket.gaierror(socket.EAI_AGAIN, "x"), True, "offline", "could not be looked up"),
        (httpcore.RemoteProtocolError(SECRET), True, "server", "broke off"),
        (httpcore.ReadError(SECRET), True, "server", "broke off"),
        (OSError(errno.ENOSPC, "No space left"), False, "disk", "the disk is full"),
        (OSError(errno.EACCES, "Permission denied"), False, "disk", "Permission denied"),
    ],
)
def test_each_has_its_sentence(raised: Exception, passes: bool, code: str, words: str) -> None:
    with (
        pytest.raises(Passing if passes else FetchError) as caught,
        in_words("store.test", "a.png", connect_s=7, idle_s=8),
    ):
        raise raised
    error = caught.value.error if isinstance(caught.value, Passing) else caught.value
    assert isinstance(error, FetchError)
    assert (error.code, words in str(error)) == (code, True), str(error)
    assert "CANARY" not in str(error)


@pytest.mark.parametrize("number", [errno.ENETUNREACH, errno.EHOSTUNREACH])
def test_no_way_to_the_server_is_offline(number: int) -> None:
    with pytest.raises(Passing) as caught, in_words("store.test", "a.png", connect_s=7, idle_s=8):
        raise httpcore.ConnectError("x") from OSError(number, "unreachable")
    assert caught.value.error.code == "offline"


def test_what_has_its_sentence_keeps_it() -> None:
    own = FetchError("Own.", code="gone")
    with pytest.raises(FetchError, match="Own") as caught, in_words("h", "a.png", connect_s=1, idle_s=1):
        raise own
    assert caught.value is own


def test_a_full_disk_says_that_nothing_is_damaged() -> None:
    assert "Nothing was damaged" in str(not_written("a.png", OSError(errno.ENOSPC, "")))
