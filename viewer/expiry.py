"""When a signed URL ends, read from the URL alone (AWS, Google Cloud, Azure, CloudFront). Keeps no URL."""

from __future__ import annotations

import base64
import binascii
import re
from calendar import timegm
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from urllib.parse import unquote, urlsplit

_BASIC_DATE = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})T([0-9]{2})([0-9]{2})([0-9]{2})Z")
_POLICY_END = re.compile(r'"DateLessThan"\s*:\s*\{\s*"AWS:EpochTime"\s*:\s*([0-9]{1,12})\s*\}')


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


def earliest_end(urls: Iterable[object]) -> int | None:
    """Whole seconds since 1970 (UTC) at which the first of these links ends; None when none of them says.

    What is no text or no web address counts as not signed. Takes about 1 µs for a URL of the usual kind: it is
    asked for every file of an export.
    """
    first: int | None = None
    for url in urls:
        if type(url) is str and (end := _end_of(url)) is not None and (first is None or end < first):
            first = end
    return first


def _end_of(url: str) -> int | None:
    start = url.find("?")
    if start < 0 or url[:4].lower() != "http":
        return None
    # what AWS's libraries write before the signature is the same for all links of an export
    signature = url.find("&X-Amz-Signature=", start)
    if signature > 0 and url.find("#", 0, signature) < 0 and (end := _end_by(url[start:signature])) is not None:
        return end
    return _seconds(expiry(url))


@lru_cache(maxsize=1024)
def _end_by(query: str) -> int | None:
    return _seconds(expiry(query))


def _seconds(found: Expiry | None) -> int | None:
    return None if found is None else timegm(found.ends.utctimetuple())


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
