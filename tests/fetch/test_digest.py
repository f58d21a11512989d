"""The digest made beside the receiving thread is the one of hashlib, however the bytes come."""

from __future__ import annotations

import gc
import hashlib
import random
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.fetch.digest import Digest


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_small_pieces(pieces: list[bytes]) -> None:
    digest = Digest()
    for piece in pieces:
        digest.update(piece)
    assert digest.hexdigest() == hashlib.sha256(b"".join(pieces)).hexdigest()
    assert digest._pool is None  # no thread for a small file


@pytest.mark.parametrize("size", [1 << 20, (1 << 20) + 1, 40 << 20])
def test_large_ones_in_pieces_of_any_size_and_between_them(size: int) -> None:
    rng = random.Random(size)
    body = rng.randbytes(1 << 20) * (size >> 20) + rng.randbytes(size % (1 << 20))
    digest, at = Digest(), 0
    while at < size:
        length = rng.randrange(1, 600_000)
        digest.update(body[at : at + length])
        at += length
        if rng.random() < 0.05:
            assert digest.hexdigest() == hashlib.sha256(body[:at]).hexdigest()
    assert digest.hexdigest() == hashlib.sha256(body).hexdigest()


def test_its_thread_ends_with_it() -> None:
    digest = Digest()
    digest.update(bytes(2 << 20))
    digest.hexdigest()
    threads = [thread for thread in threading.enumerate() if thread.name.startswith("digest")]
    assert threads
    del digest
    gc.collect()
    for thread in threads:
        thread.join(timeout=20)
        assert not thread.is_alive()
