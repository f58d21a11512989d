from __future__ import annotations

from viewer.errors import DecodeError
from viewer.workers.patience import KIND_DEATHS, OPENING, POISON, KindPatience
from viewer.workers.reputation import Reputation


def known(kind: str = "image", kinds: KindPatience | None = None, engine: str = "") -> Reputation:
    reputation = Reputation(kinds or KindPatience(), engine)
    reputation.learn_kind(kind)
    return reputation


def test_a_page_that_ended_two_is_refused_until_it_is_asked_for() -> None:
    reputation = known()
    for death in range(POISON):
        assert reputation.refusal(2) is None
        reputation.died(2, float(death))
    assert "twice on it" in str(reputation.refusal(2))
    assert reputation.refusal(3) is None
    reputation.forgive(2)
    assert reputation.refusal(2) is None


def test_the_other_engine_has_the_next_try() -> None:
    reputation = known("pdf", engine="mupdf")
    for _ in range(POISON):
        reputation.died(2, 0.0)
    assert reputation.engine == "pdfium"
    assert reputation.refusal(2) is None
    for _ in range(POISON):
        reputation.died(2, 1e6)
    assert "PDF reader stopped twice" in str(reputation.refusal(2))


def test_a_file_at_fault_has_the_same_answer_for_all() -> None:
    reputation = known()
    reputation.fault = DecodeError("It has a password.", code="Encrypted")
    refusals = [reputation.refusal_to_open() for _ in range(2)]
    assert [str(refusal) for refusal in refusals] == ["It has a password."] * 2
    assert refusals[0] is not refusals[1], "one that was raised would keep frames alive"
    reputation.forgive_all()
    assert reputation.refusal_to_open() is None


def test_a_file_that_ended_two_at_opening_is_refused() -> None:
    reputation = known()
    for _ in range(POISON):
        reputation.died(OPENING, 0.0)
    assert "could not be opened" in str(reputation.refusal_to_open())


def test_a_kind_that_was_stopped_is_forgiven_with_a_file_that_turns_out_to_be_of_it() -> None:
    kinds = KindPatience()
    for page in range(KIND_DEATHS):
        known(kinds=kinds).died(page, 0.0)
    assert "5 times within a minute" in str(known(kinds=kinds).refusal(9))
    asked = Reputation(kinds, "")
    asked.forgive_all()  # nobody knows its kind yet
    asked.learn_kind("image")
    assert asked.refusal(0) is None


def test_the_wait_before_the_next_start_ends_with_an_answer() -> None:
    reputation = known()
    for page in range(3):
        reputation.died(page, 0.0)
    assert reputation.delay() > 0.0
    reputation.worked()
    assert reputation.delay() == 0.0
