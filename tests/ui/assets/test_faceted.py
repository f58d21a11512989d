"""Which numbered rows have which values."""

from __future__ import annotations

import numpy as np

from viewer.ui.assets.faceted import Faceted, by_facet


class Words(Faceted):
    def __init__(self, *words: str) -> None:
        super().__init__(("letter", "length"))
        self.words = words
        for number, word in enumerate(words):
            self.enter(number, "letter", word)
            self.enter(number, "length", (str(len(word)),))

    @property
    def digested(self) -> int:
        return len(self.words)


def test_a_value_named_twice_counts_once() -> None:
    words = Words("otto", "ann")
    assert words.with_value("letter", "t").tolist() == [0]
    assert words.with_value("letter", "n").tolist() == [1]
    assert words.with_value("letter", "x").tolist() == []
    assert words.with_value("letter", "n", 2).tolist() == []


def test_or_within_a_facet_and_between_them() -> None:
    words = Words("ann", "otto", "bob", "anna")
    assert words.mask_of([("letter", "a"), ("letter", "b")]).tolist() == [True, False, True, True]
    assert words.mask_of([("letter", "a"), ("length", "4")]).tolist() == [False, False, False, True]
    assert words.mask_of([("letter", "a")], 2).tolist() == [False, True]


def test_counts_name_what_none_has() -> None:
    words = Words("ann", "otto")
    assert words.counts_in("length", np.array([True, False])) == {"3": 1, "4": 0}


def test_rows_can_be_entered_while_others_were_asked_for() -> None:
    words = Words("a")
    before = words.with_value("letter", "a")
    words.enter(1, "letter", "a")
    assert before.tolist() == [0]


def test_pairs_by_facet() -> None:
    assert by_facet([("a", "1"), ("b", "2"), ("a", "3")]) == {"a": ["1", "3"], "b": ["2"]}
