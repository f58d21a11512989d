"""Video: bytes → the N-th presented frame, found by its timestamp and verified (video.md §2)."""

from __future__ import annotations

from viewer.decoders.video.decoder import VideoDecoder

__all__ = ["VideoDecoder"]
