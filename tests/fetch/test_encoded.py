import gzip
import io
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.errors import FetchError
from viewer.fetch import encoded


def unpacked(packed: bytes, **options: int) -> bytes:
    target = io.BytesIO()
    length = encoded.unpack(io.BytesIO(packed), target, name="a.nii", **options)
    assert length == len(target.getvalue())
    return target.getvalue()


@given(st.binary(max_size=5000), st.sampled_from([gzip.compress, zlib.compress]))
def test_unpacks_what_was_packed(content: bytes, pack: object) -> None:
    assert unpacked(pack(content)) == content  # type: ignore[operator]


def test_large_and_several_members() -> None:
    content = bytes(range(256)) * 20_000
    assert unpacked(gzip.compress(content, mtime=0)) == content
    assert unpacked(gzip.compress(b"one", mtime=0) + gzip.compress(b"two") + b"\0\0") == b"onetwo"


def test_zeros_that_end_exactly_with_a_piece() -> None:
    for length in (1 << 20, (1 << 20) - 1, (1 << 20) + 1, 3 << 20):
        assert len(unpacked(gzip.compress(bytes(length)))) == length


def test_a_bomb_is_stopped() -> None:
    bomb = gzip.compress(bytes(8 << 20))
    with pytest.raises(FetchError) as caught:
        unpacked(bomb, ratio=200, ratio_from=1 << 20)
    assert caught.value.code == "too-large"
    with pytest.raises(FetchError):
        unpacked(bomb, limit=1 << 20)
    assert len(unpacked(bomb, ratio=200, ratio_from=9 << 20)) == 8 << 20


@pytest.mark.parametrize("cut", [3, 12, 40])
def test_a_cut_or_damaged_body_is_told(cut: int) -> None:
    packed = gzip.compress(bytes(range(256)))
    with pytest.raises(FetchError, match=r"incomplete|damaged"):
        unpacked(packed[:cut])
    with pytest.raises(FetchError, match="damaged"):
        unpacked(packed[:12] + b"\xff" * 30 + packed[42:])


@pytest.mark.parametrize(
    ("encoding", "head", "packed"),
    [
        ("gzip", gzip.compress(b"x", mtime=0), True),
        ("x-gzip", gzip.compress(b"x", mtime=0), True),
        ("deflate", zlib.compress(b"x"), True),
        ("gzip", b"\x89PNG", False),
        ("deflate", b"\x89PNG", False),
        ("br", b"\x1f\x8b", False),
        ("", gzip.compress(b"x", mtime=0), False),
        ("gzip", b"", False),
    ],
)
def test_only_what_really_is_packed_is_unpacked(encoding: str, head: bytes, packed: bool) -> None:
    assert encoded.is_packed(encoding, head) is packed
