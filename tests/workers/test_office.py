from __future__ import annotations

from viewer.decoders import DECODERS
from viewer.workers.office import WORDS, failure, never_ready, reader, stopped


def test_every_decoder_has_its_word() -> None:
    assert {decoder.KEY for decoder in DECODERS} <= set(WORDS)


def test_the_sentences() -> None:
    assert (
        failure("pdf", "stopped (signal 11)", opening=False)
        == "This page could not be shown: the PDF reader stopped (signal 11). Labels are kept."
    )
    assert (
        failure("", "did not answer within 60 s", opening=True)
        == "This file could not be opened: the file reader did not answer within 60 s. Labels are kept."
    )
    assert stopped("video").startswith("The video reader stopped 5 times within a minute")
    assert reader("whatever a worker says") == "file reader"
    assert never_ready("stopped (signal 9)").startswith("Pictures cannot be shown: the program that reads them stopped")
