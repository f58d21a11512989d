"""A client that asks, and what it is told."""

import io
from typing import Any

import pytest

from viewer.errors import FetchError
from viewer.fetch.client import Client, Patience, Received
from viewer.fetch.parts import Part

QUICK = Patience(connect_s=5.0, first_byte_s=5.0, idle_s=5.0, wait_s=0.0, tries=3)
SIGNED = (
    "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Content-Sha256=UNSIGNED-PAYLOAD&X-Amz-Credential=AKIA%2F20240902"
    "%2Feu-central-1%2Fs3%2Faws4_request&X-Amz-Date=20240902T101500Z&X-Amz-Expires=120000"
    "&X-Amz-Signature=CANARYCANARY&X-Amz-SignedHeaders=host&x-id=GetObject"
)


def get(client: Client, url: str, **options: Any) -> tuple[bytes, Received]:
    into = io.BytesIO()
    part = options.pop("part", None) or Part(into)
    received = client.get(url, part, name=options.pop("name", "a.png"), **options)
    part.file.seek(0)
    return part.file.read(), received


def refused(client: Client, url: str, **options: Any) -> FetchError:
    with pytest.raises(FetchError) as caught:
        get(client, url, **options)
    assert "CANARY" not in str(caught.value)
    return caught.value
