import logging
import subprocess
import sys
import threading
from collections.abc import Iterator

import keyring
import keyring.backend
import keyring.errors
import pytest
from keyring.backends import fail, null

from viewer.fetch import hub_key
from viewer.fetch.hub_key import SERVICE, HubKeys, aside, system_keyring

HOST, KEY = "https://hub.example.org", "canaryKeyInTheRing"


class Ring:
    """A keyring in memory, or one that raises."""

    def __init__(self, error: Exception | None = None) -> None:
        self.entries: dict[tuple[str, str], str] = {}
        self.error = error
        self.reads = 0

    def _try(self) -> None:
        if self.error is not None:
            raise self.error

    def get_password(self, service: str, username: str) -> str | None:
        self.reads += 1
        self._try()
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._try()
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._try()
        del self.entries[service, username]


@pytest.fixture
def backend() -> Iterator[None]:
    """Whatever a test makes the keyring be, it is the one of the suite afterwards."""
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


def test_a_key_is_kept_for_the_next_program() -> None:
    ring = Ring()
    keys = HubKeys(lambda: ring)
    assert keys.get(HOST) is None
    assert keys.kept(HOST) == ""
    assert keys.put(HOST, KEY) == "keyring"
    assert ring.entries == {(SERVICE, HOST): KEY}
    later = HubKeys(lambda: ring)
    assert not later.known(HOST)
    assert later.get(HOST) == KEY
    assert later.known(HOST)
    assert later.kept(HOST) == "keyring"
    assert later.get("https://other.example.org") is None


def test_it_is_read_once() -> None:
    ring = Ring()
    ring.entries[SERVICE, HOST] = KEY
    keys = HubKeys(lambda: ring)
    assert [keys.get(HOST), keys.get(HOST)] == [KEY, KEY]
    assert ring.reads == 1


def test_a_forgotten_key_is_nowhere() -> None:
    ring = Ring()
    keys = HubKeys(lambda: ring)
    keys.put(HOST, KEY)
    assert keys.forget(HOST)
    assert not ring.entries
    assert not keys.known(HOST)
    assert keys.get(HOST) is None
    assert keys.forget(HOST)  # once more, with nothing there


@pytest.mark.parametrize(
    ("error", "kept"),
    [
        (keyring.errors.NoKeyringError("none"), "none"),
        (keyring.errors.KeyringLocked("dismissed"), "locked"),
        (keyring.errors.PasswordSetError(f"could not store {KEY}"), "failed"),
        (keyring.errors.InitError("no bus"), "failed"),
        (RuntimeError("anything"), "failed"),
        (ImportError("a broken installation"), "none"),
    ],
)
def test_a_keyring_that_fails_leaves_the_key_in_memory(
    error: Exception, kept: str, caplog: pytest.LogCaptureFixture
) -> None:
    keys = HubKeys(lambda: Ring(error))
    with caplog.at_level(logging.DEBUG):
        assert keys.get(HOST) is None
        assert keys.kept(HOST) == kept
        assert keys.put(HOST, KEY) == kept
        assert keys.get(HOST) == KEY
        assert keys.kept(HOST) == kept
        assert keys.forget(HOST) == (kept == "none")
        assert keys.get(HOST) is None
    assert KEY not in caplog.text


def test_without_a_keyring() -> None:
    keys = HubKeys(lambda: None)
    assert keys.put(HOST, KEY) == "none"
    assert keys.get(HOST) == KEY
    assert HubKeys(lambda: None).get(HOST) is None
    assert KEY not in repr(keys)


def test_the_suite_asks_nobodys_keyring() -> None:
    assert isinstance(keyring.get_keyring(), fail.Keyring)
    assert system_keyring() is None


@pytest.mark.usefixtures("backend")
def test_null_swallows_what_it_gets_and_is_none() -> None:
    keyring.set_keyring(null.Keyring())
    assert system_keyring() is None


class InAFile(keyring.backend.KeyringBackend):
    """As ``keyrings.alt`` has it: it would write the key down."""

    priority = 5

    def get_password(self, service: str, username: str) -> str | None:
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        raise AssertionError("written to a file")


@pytest.mark.usefixtures("backend")
def test_only_a_system_s_own_keyring_gets_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """A chain of several is looked through, for the first in it may be one that writes files."""
    from keyring.backends.chainer import ChainerBackend

    plain = InAFile()
    keyring.set_keyring(plain)
    assert system_keyring() is None
    system = type("Keyring", (InAFile,), {"__module__": "keyring.backends.SecretService"})()
    keyring.set_keyring(system)
    assert system_keyring() is system
    chain = ChainerBackend()
    monkeypatch.setattr(ChainerBackend, "backends", [plain, system])
    keyring.set_keyring(chain)
    assert system_keyring() is system
    stranger = type("Keyring", (InAFile,), {"__module__": "elsewhere.SecretService"})()
    keyring.set_keyring(stranger)
    assert system_keyring() is None


def test_a_question_of_the_keyring_holds_up_nobody() -> None:
    """It waits for its owner in a thread that the end of the program does not wait for."""
    go_on = threading.Event()
    threads: list[threading.Thread] = []

    def work() -> str:
        threads.append(threading.current_thread())
        go_on.wait()
        return KEY

    future = aside(work)
    assert not future.done()
    go_on.set()
    assert future.result(timeout=10) == KEY
    assert threads[0].daemon

    def fails() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        aside(fails).result(timeout=10)


def test_the_library_is_imported_when_it_is_asked() -> None:
    code = (
        "import sys, viewer.fetch.hub_key, viewer.fetch.hub, viewer.fetch.renewing\n"
        "assert not [m for m in sys.modules if m.split('.')[0] in ('keyring', 'httpx', 'secretstorage', 'jaraco')]\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    assert hub_key.SERVICE == "ango-viewer"
