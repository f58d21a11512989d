"""From an address in an export to a file on this machine: locate, else fetch into the cache."""

from viewer.fetch.blocks import Stream
from viewer.fetch.locate import Address
from viewer.fetch.sources import Sources

__all__ = ["Address", "Sources", "Stream"]
