import base64
import json
import logging
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer import log

CANARY = "CANARYcanary0123456789"
SIGNED = (
    f"https://store.example/a.png?X-Amz-Credential=AKIA{CANARY}%2F20240902&X-Amz-Date=20240902T101500Z"
    f"&X-Amz-Signature={CANARY}&x-id=GetObject"
)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    root = logging.getLogger()
    level = root.level
    assert log.setup(tmp_path / "logs") == tmp_path / "logs" / "ango-viewer.log"
    yield tmp_path / "logs"
    log.shutdown()
    root.setLevel(level)


def lines(folder: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in (folder / "ango-viewer.log").read_text().splitlines()]


@pytest.mark.parametrize(
    "text",
    [
        f"GET {SIGNED} failed",
        f'HTTP Request: GET {SIGNED} "HTTP/1.1 403"',
        f"https://user:{CANARY}@store.example/a.png",
        f"https://{CANARY}@store.example/a.png",
        f"https://store.example/a.png#access_token={CANARY}",
        f"http://store.example/a.png%3Fsig%3D{CANARY}",
        f"s3://bucket/key?X-Amz-Security-Token={CANARY}",
        f"X-Amz-Signature={CANARY}",
        f"X-Goog-Signature={CANARY}&x=1",
        f"x-amz-security-token%3D{CANARY}",
        f"sig={CANARY}",
        f"?se=2024-01-01&sig={CANARY}&sp=r",
        f"AWSAccessKeyId={CANARY}&Expires=1",
        f"GoogleAccessId={CANARY}",
        f"Key-Pair-Id={CANARY}&Policy={CANARY}",
        f'{{"token": "{CANARY}"}}',
        f"{{'api_key': '{CANARY}'}}",
        f'\\"password\\": \\"{CANARY}\\"',
        f"password={CANARY}",
        f"api-key: {CANARY}",
        f"Authorization: Bearer {CANARY}",
        f"Proxy-Authorization: Basic {CANARY}",
        f"[(b'Authorization', b'Bearer {CANARY}')]",
        f"Cookie: session={CANARY}; other={CANARY}",
        f"Set-Cookie: session={CANARY}",
        f"<SignatureProvided>{CANARY}</SignatureProvided>",
        f"<StringToSign>AWS4\n20240902\n{CANARY}</StringToSign>",
        f"<StringToSignBytes>41 {CANARY}</StringToSignBytes>",
        f"<CanonicalRequest>GET\n/{CANARY}\n</CanonicalRequest>",
        f"<CanonicalRequestBytes>{CANARY}",
        f"<AWSAccessKeyId>{CANARY}</AWSAccessKeyId>",
    ],
)
def test_secrets_do_not_reach_the_file(folder: Path, text: str) -> None:
    assert CANARY not in log.redact(text)
    logger = logging.getLogger("viewer.test")
    logger.info("It says %s", text)
    logger.info(text)
    try:
        raise ValueError(text)
    except ValueError:
        logger.exception("Failed")
    logging.getLogger("httpx").warning("%s", text)
    written = "".join(path.read_text() for path in folder.iterdir())
    for form in (CANARY, quote(CANARY), base64.b64encode(CANARY.encode()).decode()):
        assert form not in written
    assert len(lines(folder)) == 4


def test_what_helps_is_kept() -> None:
    assert log.redact(f"GET {SIGNED} failed") == "GET https://store.example/a.png… failed"
    for text in (
        "Asset 12: nested deeper than 100 levels, skipped",
        "sp=… is not hidden in words such as respite or the sign of 5 = 5",
        "worker 3 stopped (signal 11) at /home/somebody/a.dcm",
        "AccessDenied: Request has expired",
    ):
        assert log.redact(text).replace("…", "") == text.replace("…", "")


@given(st.text())
def test_any_text_is_redacted_without_an_exception(text: str) -> None:
    log.redact(text)
    assert CANARY not in log.redact(f"{text} X-Amz-Signature={CANARY}"[-log.TEXT_KEPT :])


def test_a_huge_text_is_cut_in_time() -> None:
    assert len(log.redact("http://" * 100_000)) <= log.TEXT_KEPT
    assert len(log.redact("<StringToSign>" * 100_000)) <= log.TEXT_KEPT + 100


def test_lines_are_json_and_cannot_be_forged(folder: Path) -> None:
    logging.getLogger("viewer.test").warning('one\n{"level": "FORGED"}\x1b[31m \u2028 \ud83d')
    (line,) = lines(folder)
    assert line["level"] == "WARNING"
    assert line["logger"] == "viewer.test"
    assert line["message"].startswith("one\n")


def test_a_wrong_format_string_does_not_cost_the_line() -> None:
    record = logging.LogRecord("viewer.test", logging.WARNING, "", 1, "%d of %d", ("x",), None)
    assert "TypeError" in json.loads(log.LineFormatter().format(record))["message"]


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_it_rotates_and_only_the_owner_can_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "FILE_BYTES", 10_000)
    log.setup(tmp_path / "logs")
    for number in range(400):
        logging.getLogger("viewer.test").warning("line %d %s", number, "x" * 100)
    log.shutdown()
    files = sorted(path.name for path in (tmp_path / "logs").iterdir())
    assert files == ["ango-viewer.log", "ango-viewer.log.1", "ango-viewer.log.2"]
    for path in (tmp_path / "logs").iterdir():
        assert path.stat().st_size <= 10_000
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "logs").stat().st_mode) == 0o700


def test_libraries_that_log_urls_are_silent(folder: Path) -> None:
    for name in ("httpx", "httpcore", "httpcore.http11", "httpcore.connection"):
        logging.getLogger(name).info("GET %s", SIGNED)
        logging.getLogger(name).debug("GET %s", SIGNED)
    assert lines(folder) == []


def test_a_second_setup_replaces_the_first(folder: Path, tmp_path: Path) -> None:
    log.setup(tmp_path / "other")
    logging.getLogger("viewer.test").warning("once")
    assert lines(folder) == []
    assert len(lines(tmp_path / "other")) == 1


def test_a_home_that_cannot_be_written_means_no_log(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    assert log.setup(tmp_path / "file" / "logs") is None
    logging.getLogger("viewer.test").info("nobody hears this")


@pytest.mark.skipif(os.name != "posix", reason="core dumps of POSIX")
def test_no_core_dumps(folder: Path) -> None:
    import resource

    assert resource.getrlimit(resource.RLIMIT_CORE)[0] == 0
