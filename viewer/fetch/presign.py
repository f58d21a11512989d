"""When a signed URL ends, read from the URL alone (AWS, Google Cloud, Azure, CloudFront)."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote, urlsplit

_SOON = timedelta(hours=6)
_SKEW_BORNE = timedelta(minutes=5)  # servers bear as much
_BASIC_DATE = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})T([0-9]{2})([0-9]{2})([0-9]{2})Z")
_POLICY_END = re.compile(r'"DateLessThan"\s*:\s*\{\s*"AWS:EpochTime"\s*:\s*([0-9]{1,12})\s*\}')
_YEARS_OF_A_RIGHT_CLOCK = range(2024, 2091)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Expiry:
    """From when to when a signed URL is valid (UTC). `starts` is None where the URL does not say."""

    ends: datetime
    starts: datetime | None = None
    temporary_key: bool = False
    """Signed with temporary credentials: the link may end earlier than it says."""

    def is_expired(self, now: datetime) -> bool:
        """Whether `now` (aware) is at or past the end."""
        return now >= self.ends

    def is_early(self, now: datetime) -> bool:
        """Whether `now` (aware) lies before the start: usually a clock that is wrong."""
        return self.starts is not None and now < self.starts


def query_of(url: str) -> dict[str, str]:
    """The query's members by lower-case name, percent-decoded once; a + stays a +. The first of a name counts."""
    members: dict[str, str] = {}
    try:
        query = urlsplit(url).query
    except ValueError:
        return members
    for member in query.split("&"):
        name, _, value = member.partition("=")
        members.setdefault(unquote(name).lower(), unquote(value))
    return members


def is_signed(url: str) -> bool:
    """Whether the URL carries a signature of a known store, so that its path alone names the object."""
    members = query_of(url)
    return (
        "x-amz-signature" in members
        or "x-goog-signature" in members
        or ("signature" in members and bool(members.keys() & {"awsaccesskeyid", "googleaccessid", "key-pair-id"}))
        or ("sig" in members and bool(members.keys() & {"se", "sv", "si"}))
    )


def expiry(url: str) -> Expiry | None:
    """When a signed URL ends; None for one that is not signed or does not say. Never raises, asks nobody.

    AWS Signature 4: ``X-Amz-Date`` + ``X-Amz-Expires`` seconds. Google V4: the same with ``X-Goog-``. AWS
    Signature 2, Google V2 and CloudFront: ``Expires`` as epoch seconds (CloudFront also inside ``Policy``).
    Azure SAS: ``se``, with the optional ``st``.
    """
    members = query_of(url)
    try:
        return _expiry(members)
    except (ValueError, OverflowError, binascii.Error):
        return None  # a date that does not exist, or one beyond the year 9999


def _expiry(members: dict[str, str]) -> Expiry | None:
    temporary = "x-amz-security-token" in members
    for prefix in ("x-amz-", "x-goog-"):
        if (date := members.get(prefix + "date")) and (seconds := members.get(prefix + "expires")):
            match = _BASIC_DATE.fullmatch(date)
            if match is None or not re.fullmatch(r"[0-9]{1,12}", seconds):
                return None
            year, month, day, hour, minute, second = map(int, match.groups())
            starts = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
            return Expiry(starts + timedelta(seconds=int(seconds)), starts, temporary)
    if "sig" in members and (end := members.get("se")):
        start = members.get("st")
        return Expiry(_iso_date(end), _iso_date(start) if start else None)
    if "signature" in members and re.fullmatch(r"[0-9]{1,12}", members.get("expires", "")):
        return Expiry(datetime.fromtimestamp(int(members["expires"]), UTC), None, temporary)
    if "signature" in members and "policy" in members:
        return _policy_expiry(members["policy"])
    return None


def _policy_expiry(policy: str) -> Expiry | None:
    """CloudFront's custom policy: base64 with ``+ = /`` written as ``- _ ~``."""
    text = base64.b64decode(policy.translate(str.maketrans("-_~", "+=/")), validate=True).decode("utf-8", "replace")
    match = _POLICY_END.search(text)
    return Expiry(datetime.fromtimestamp(int(match[1]), UTC)) if match else None


def _iso_date(text: str) -> datetime:
    """Azure's dates: ``2024-09-02``, ``…T10:15Z`` and ``…T10:15:00Z``; without a zone they are UTC."""
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def in_words(moment: datetime) -> str:
    """A moment as people read it, in UTC and English whatever the locale: ``26 Aug 2023, 16:28 UTC``."""
    utc = moment.astimezone(UTC)
    return f"{utc.day} {_MONTHS[utc.month - 1]} {utc.year}, {utc.hour:02d}:{utc.minute:02d} UTC"


def is_right_clock(now: datetime) -> bool:
    """Whether a clock that shows `now` can be right; one that stands at 1970 says nothing about a link."""
    return now.year in _YEARS_OF_A_RIGHT_CLOCK


def validity_in_words(expiry: Expiry | None, now: datetime) -> str:
    """How long a link is still valid, or since when it is not: ``valid 21 h``, ``expires in 2 h 40 min``,
    ``expired 3 days ago``. "" for a link that does not say; `now` (aware) is the server's clock where it is known.
    """
    if expiry is None:
        return ""
    if not is_right_clock(now):
        return f"valid until {in_words(expiry.ends)}, if this computer's clock is right"
    if expiry.is_early(now + _SKEW_BORNE):
        return f"not valid yet, from {in_words(expiry.starts or now)}"
    left = expiry.ends - now
    if left <= timedelta(0):
        return "expired just now" if -left < timedelta(minutes=1) else f"expired {_span(-left)} ago"
    if left < timedelta(minutes=1):
        return "expires in less than a minute"
    if left <= _SOON:
        hours, minutes = divmod(int(left.total_seconds()) // 60, 60)
        parts = [f"{hours} h"] if hours else []
        return "expires in " + " ".join(parts + ([f"{minutes} min"] if minutes or not hours else []))
    return f"valid {_span(left)}"


def is_soon(expiry: Expiry | None, now: datetime) -> bool:
    """Whether a link that is still valid ends within the hours in which one should fetch what one needs."""
    return expiry is not None and timedelta(0) < expiry.ends - now <= _SOON


def _span(span: timedelta) -> str:
    """A length of time in its largest fitting unit, rounded down: 47 h, but 2 days."""
    seconds = int(span.total_seconds())
    if seconds < 3600:
        return f"{seconds // 60} min"
    if seconds < 48 * 3600:
        return f"{seconds // 3600} h"
    days = seconds // 86_400
    if days < 60:
        return f"{days} days"
    return f"{days // 30} months" if days < 730 else f"{days // 365} years"
