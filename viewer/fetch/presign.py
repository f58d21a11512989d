"""How long a signed URL is still valid, in words; when it ends is read by `viewer.expiry`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from viewer.expiry import Expiry, expiry, is_signed, query_of

__all__ = [
    "SOON", "Expiry", "expiry", "in_words", "is_right_clock", "is_signed", "is_soon", "query_of", "validity_in_words",
]  # fmt: skip

SOON = timedelta(hours=4)
"""A link that is still valid ends within the time in which one should fetch what one needs."""
_SKEW_BORNE = timedelta(minutes=5)  # servers bear as much
_YEARS_OF_A_RIGHT_CLOCK = range(2024, 2091)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


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
    if left <= SOON:
        hours, minutes = divmod(int(left.total_seconds()) // 60, 60)
        parts = [f"{hours} h"] if hours else []
        return "expires in " + " ".join(parts + ([f"{minutes} min"] if minutes or not hours else []))
    return f"valid {_span(left)}"


def is_soon(expiry: Expiry | None, now: datetime) -> bool:
    """Whether a link that is still valid ends within the hours in which one should fetch what one needs."""
    return expiry is not None and timedelta(0) < expiry.ends - now <= SOON


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
