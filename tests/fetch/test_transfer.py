from viewer.errors import FetchError
from viewer.fetch.locate import Address
from viewer.fetch.transfer import Priority, Speed, Transfer, host_of, key_of


def test_the_same_object_is_one_transfer() -> None:
    one = Address(url="https://store.test/a.png?X-Amz-Signature=1", asset_key="1")
    two = Address(url="https://store.test/a.png?X-Amz-Signature=2", asset_key="2")
    assert key_of(one) == key_of(two)
    assert host_of(one) == "store.test"
    others = [Address(url="a.png"), Address(url=None, asset_key="1"), Address(url="http://user:x@h/a"), one]
    assert len({key_of(address) for address in others}) == 4
    assert [host_of(address) for address in others] == ["", "", "", "store.test"]


def test_speed_is_that_of_the_last_seconds() -> None:
    now = [0.0]
    speed = Speed(lambda: now[0])
    assert speed.bytes_per_s() == 0.0
    speed.reached(1_000_000)
    assert speed.bytes_per_s() == 0.0, "what an earlier try brought did not come now"
    for second in range(1, 11):
        now[0] = second
        speed.reached(1_000_000 + second * 500)
    assert speed.bytes_per_s() == 500.0
    now[0] = 10.5
    assert speed.bytes_per_s() < 500.0
    now[0] = 14.0
    assert speed.bytes_per_s() == 0.0
    speed.reached(0)
    now[0] = 15.0
    speed.reached(70)
    assert speed.bytes_per_s() == 70.0


def test_a_report_says_why_it_waits() -> None:
    transfer = Transfer(Address(url="https://store.test/a.png", external_id="lot/a.png"), Priority.REST, 1.0)
    transfer.error = FetchError("store.test is too busy.", code="server")
    assert transfer.report(0.0).sentence == ""
    transfer.retry_at = 12.0
    report = transfer.report(2.0)
    assert (report.name, report.sentence, report.retry_in_s) == ("a.png", "store.test is too busy.", 10.0)
    assert transfer.report(13.0).retry_in_s is None
    transfer.state = "failed"
    assert (transfer.report(13.0).sentence, transfer.report(13.0).code) == ("store.test is too busy.", "server")
