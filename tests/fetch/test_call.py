import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.errors import FetchError
from viewer.fetch.call import Call

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n"
EARLY = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"


@given(st.lists(st.integers(1, 30)), st.booleans(), st.binary(max_size=200))
def test_the_body_is_counted_however_the_bytes_are_cut(cuts: list[int], early: bool, body: bytes) -> None:
    call = Call()
    call.begin()
    left = (EARLY if early else b"") + HEAD + body
    for cut in cuts:
        call.took(left[:cut])
        left = left[cut:]
    call.took(left)
    assert call.body_received == len(body)


def test_each_thread_has_its_own_fetch() -> None:
    call = Call()
    call.start(lambda: True)
    other: list[bool] = []
    thread = threading.Thread(target=lambda: other.append(call.is_cancelled()))
    thread.start()
    thread.join()
    assert (call.is_cancelled(), other) == (True, [False])
    with pytest.raises(FetchError, match="cancelled"):
        call.check()


def test_the_head_has_a_deadline_until_it_came() -> None:
    call = Call()
    call.begin(head_s=-1.0)
    with pytest.raises(TimeoutError):
        call.check()
    call.head_came()
    call.check()
