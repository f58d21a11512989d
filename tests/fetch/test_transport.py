import threading

import httpcore
import pytest

from viewer.errors import FetchError
from viewer.fetch.call import Call
from viewer.fetch.transport import CheckedBackend, aside


def test_what_comes_too_late_is_thrown_away() -> None:
    go_on, thrown = threading.Event(), threading.Event()

    def work() -> str:
        go_on.wait()
        return "late"

    call = Call()
    call.start(lambda: True)
    with pytest.raises(FetchError, match="cancelled"):
        aside(work, call, None, discard=lambda result: thrown.set())
    go_on.set()
    assert thrown.wait(5.0)


def test_time_runs_out() -> None:
    go_on = threading.Event()
    with pytest.raises(httpcore.ConnectTimeout):
        aside(go_on.wait, Call(), 0.0)
    go_on.set()


def test_results_and_exceptions_come_back() -> None:
    assert aside(lambda: 7, Call(), None) == 7
    with pytest.raises(ZeroDivisionError):
        aside(lambda: 1 // 0, Call(), None)


def test_an_address_may_not_name_a_socket_of_this_machine() -> None:
    backend = CheckedBackend(Call(), allow_private=lambda host: True, resolve=lambda host, port: [])
    with pytest.raises(httpcore.UnsupportedProtocol):
        backend.connect_unix_socket("/run/docker.sock")


def test_a_name_without_addresses_is_no_connection() -> None:
    backend = CheckedBackend(Call(), allow_private=lambda host: True, resolve=lambda host, port: [])
    with pytest.raises(httpcore.ConnectError):
        backend.connect_tcp("empty.test", 80)
