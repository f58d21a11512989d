"""Names without the queries of links in them, which may be signatures."""

from __future__ import annotations

import re

_QUERY = re.compile(r"(\b\w+://[^\s?#]*)[?#]\S*")


def without_query(name: str) -> str:
    """An id or name without the queries of links in it: names are shown and kept, and a link may be signed."""
    return _QUERY.sub(r"\1", name) if "://" in name else name
