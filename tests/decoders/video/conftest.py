"""The small videos, made once for all tests of a run."""

from __future__ import annotations

import pytest

from tests.make.video_set import VideoSet


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> VideoSet:
    """`clips("h264.mp4")` is that file, made when it is first asked for."""
    return VideoSet(tmp_path_factory.mktemp("videos"))
