"""A server whose answers a test gives, and a client that does not wait."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.fetch.asking import QUICK
from tests.make.fault_server import FaultServer, serving
from viewer.fetch.client import Client


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with serving() as server:
        yield server


@pytest.fixture
def client(request: pytest.FixtureRequest) -> Iterator[Client]:
    options: dict[str, Any] = {"allow_private_hosts": True, "patience": QUICK, **getattr(request, "param", {})}
    client = Client(**options)
    yield client
    client.close()
