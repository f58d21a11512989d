from viewer.fetch.hosts import Hosts


class Watch:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def started(hosts: Hosts, host: str) -> int:
    """How many may run at a time."""
    count = 0
    while hosts.may_start(host):
        hosts.starts(host)
        count += 1
    for _ in range(count):
        hosts.ends(host)
    return count


def test_so_many_at_a_time_from_each() -> None:
    hosts = Hosts(6)
    assert started(hosts, "a") == 6
    for _ in range(6):
        hosts.starts("a")
    assert not hosts.may_start("a")
    assert hosts.may_start("a", is_visible=True), "somebody waits for it"
    assert hosts.may_start("b")
    assert hosts.may_start("")


def test_a_busy_server_gets_half_and_slowly_more_again() -> None:
    hosts = Hosts(6)
    hosts.is_busy("a")
    assert started(hosts, "a") == 3
    hosts.is_busy("a")
    hosts.is_busy("a")
    hosts.is_busy("a")
    assert started(hosts, "a") == 1
    for _ in range(10):
        hosts.answered("a")
    assert started(hosts, "a") == 2
    for _ in range(100):
        hosts.answered("a")
    assert started(hosts, "a") == 6


def test_a_server_that_does_not_answer_rests() -> None:
    watch = Watch()
    hosts = Hosts(6, watch)
    assert [hosts.failed("a"), hosts.failed("a")] == [1, 2]
    assert hosts.rest("a", 15.0) == 1015.0
    assert hosts.rest("a", 5.0) == 1015.0
    assert not hosts.may_start("a")
    assert hosts.may_start("a", is_visible=True)
    assert (hosts.rests_until("a"), hosts.rests_until("")) == (1015.0, 0.0)
    watch.now = 1015.0
    assert hosts.may_start("a")
    hosts.rest("a", 15.0)
    hosts.wake()
    assert hosts.may_start("a")
    hosts.rest("a", 15.0)
    hosts.answered("a")
    assert hosts.may_start("a")
    assert hosts.failed("a") == 1
