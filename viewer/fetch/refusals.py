"""What a server's refusal means, in words (the table of reliability.md §5.3)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from viewer.errors import FetchError
from viewer.fetch.presign import Expiry, in_words

_WAY_OUT = "Open a newer export, look in a folder that holds the file, or locate it."
_ENDED_EARLY = ("InvalidAccessKeyId", "ExpiredToken", "InvalidToken", "TokenRefreshRequired")
_SKEW_SHOWN_S = 300.0
_PASSING = (408, 429, 500, 502, 503, 504)


@dataclass(frozen=True, slots=True)
class Refusal:
    """What to tell, and whether (and after how many seconds, by the server's wish) another try makes sense."""

    error: FetchError
    is_passing: bool = False
    after_s: float | None = None
    is_busy: bool = False
    """Whether the server has too many requests, so that fewer at a time may help."""


def expired(name: str, ends: datetime | None, answer: str = "") -> FetchError:
    """The sentence for a link past its end."""
    when = f"expired on {in_words(ends)}" if ends else "has expired"
    return FetchError(f"The link to {name} {when}. {_WAY_OUT}", code="expired", ends=ends, answer=answer)


def read_refusal(
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    *,
    name: str,
    host: str,
    expiry: Expiry | None,
    now: datetime,
) -> Refusal:
    """The meaning of an answer that is no file. `body` is its beginning: XML of a store, or anything else.

    Of the body only the code and dates are used: a store repeats signatures and keys in the rest.
    """
    code = _element(body, "Code") or headers.get("x-ms-error-code", "")[:60]
    text = body.decode("utf-8", "replace")
    answer = f"HTTP {status} · {code}" if code else f"HTTP {status}"
    # whether a link has ended is for the server's clock to say
    if status in (400, 401, 403) and _says_expired(code, text, expiry, server_time(headers) or now):
        ends = _date(_element(body, "Expires")) or (expiry.ends if expiry else None)
        return Refusal(expired(name, ends, answer))
    if status in _PASSING or code == "SlowDown":
        return _passing(status, code, headers, name, host)
    shown = f"{status} {code}".strip()
    skew = _skew_s(headers, now)
    sentence, kind = _sentence(status, code, text, skew, name, host, shown)
    return Refusal(FetchError(f"{sentence} {_WAY_OUT}", code=kind, answer=answer))


def _says_expired(code: str, text: str, expiry: Expiry | None, now: datetime) -> bool:
    if code == "AccessDenied" and re.search(r"has expired|<Expires>", text):
        return True
    if code == "ExpiredToken" and "signature expired" in text.lower():  # Google
        return True
    if code == "AuthenticationFailed" and "not valid in the specified time frame" in text:  # Azure
        return expiry is None or not expiry.is_early(now)
    return code in ("AccessDenied", "ExpiredToken", "") and expiry is not None and expiry.is_expired(now)


def _sentence(
    status: int, code: str, text: str, skew: float | None, name: str, host: str, shown: str
) -> tuple[str, str]:
    if code == "RequestTimeTooSkewed" or "not yet valid" in text.lower():
        differs = f" It differs from the server's by {_span(skew)}." if skew and abs(skew) > _SKEW_SHOWN_S else ""
        return f"{host} says that the link to {name} is not yet valid: check this computer's clock.{differs}", "refused"
    if code in _ENDED_EARLY:
        return f"The link to {name} ended early: its key or token is gone ({code}).", "expired"
    if code == "SignatureDoesNotMatch":
        return f"{host} refused {name}: the link was altered on its way ({code}).", "refused"
    if code == "AuthorizationQueryParametersError":
        return f"{host} refused {name}: the signature in its link is incomplete ({code}).", "refused"
    if code == "InvalidObjectState":
        return f"{name} is archived on {host} and has to be restored there first.", "refused"
    if status == 404 or code in ("NoSuchKey", "NoSuchBucket", "BlobNotFound", "ContainerNotFound"):
        return f"{name} is gone from the server {host} ({shown}).", "gone"
    if status == 410:
        return f"{name} was removed from the server {host} for good ({shown}).", "gone"
    if status == 451:
        return f"{host} may not give {name} away for legal reasons ({shown}).", "refused"
    if status in (401, 403):
        return f"{host} refused {name} ({shown}): the link gives no right to it, or the file is gone.", "refused"
    if status == 407:
        return "The proxy wants a name and password (407). Give them in the environment's proxy setting.", "refused"
    if 300 <= status < 400:
        return f"{host} says that {name} is elsewhere, but not where ({shown}).", "server"
    return f"{host} answered {shown} instead of sending {name}.", "server"


def _passing(status: int, code: str, headers: Mapping[str, str], name: str, host: str) -> Refusal:
    is_busy = status in (429, 503) or code == "SlowDown"
    if is_busy:
        sentence = f"{host} is too busy to send {name} ({status})."
    else:
        sentence = f"{host} could not send {name} ({status}): the fault is the server's."
    after = retry_after_s(headers)
    wait = f" It asks to wait {after:.0f} s." if after else ""
    return Refusal(
        FetchError(f"{sentence}{wait} Try again later.", code="server"), is_passing=True, after_s=after, is_busy=is_busy
    )


def _element(body: bytes, name: str) -> str:
    """The short text of an XML element, by pattern: no parser sees what a server sends."""
    match = re.search(rb"<%s>([\w .:+-]{1,60})</%s>" % (name.encode(), name.encode()), body)
    return match[1].decode() if match else ""


def _date(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def server_time(headers: Mapping[str, str]) -> datetime | None:
    """The server's clock, from ``Date``."""
    try:
        moment = parsedate_to_datetime(headers.get("date", ""))
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _skew_s(headers: Mapping[str, str], now: datetime) -> float | None:
    there = server_time(headers)
    return (there - now).total_seconds() if there else None


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """How long a server asks to be left alone, from ``Retry-After``: seconds or a date by its own clock."""
    wish = headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,6}", wish):
        return float(wish)
    try:
        moment = parsedate_to_datetime(wish)
    except (ValueError, TypeError, OverflowError):
        return None
    there = server_time(headers) or datetime.now(UTC)
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - there).total_seconds())


def _span(seconds: float) -> str:
    minutes = round(abs(seconds) / 60)
    if minutes < 120:
        return f"{minutes} minutes"
    return f"{round(minutes / 60)} hours" if minutes < 2880 else f"{round(minutes / 1440)} days"
