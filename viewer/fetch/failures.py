"""What httpx, httpcore and the system raise, as sentences; none of it may quote an address with its query."""

from __future__ import annotations

import contextlib
import errno
import re
import socket
from collections.abc import Iterator

from viewer.errors import FetchError


class Passing(Exception):  # noqa: N818 - not an error yet: the next try may work
    """What stopped a try. `after_s` is the server's wish; `is_busy` says that it has too many requests."""

    def __init__(self, error: FetchError, after_s: float | None = None, *, is_busy: bool = False) -> None:
        super().__init__(str(error))
        self.error = error
        self.after_s = after_s
        self.is_busy = is_busy


@contextlib.contextmanager
def in_words(host: str, name: str, *, connect_s: float, idle_s: float, proxy: str = "") -> Iterator[None]:
    """Raise FetchError or `Passing` for all that can happen on the way to `host`, which sends the file `name`.

    `proxy` is the name of the proxy that stands between, if there is one.
    """
    import ssl

    import httpcore
    import httpx

    try:
        yield
    except (FetchError, Passing):
        raise
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, httpcore.UnsupportedProtocol, UnicodeError):
        raise FetchError(
            f"The address of {name} is not used: it is not a valid URL. Locate the file, or correct the export.",
            code="policy",
        ) from None
    except (httpcore.ConnectTimeout, httpcore.PoolTimeout, httpx.ConnectTimeout, httpx.PoolTimeout):
        sentence = f"{host} does not answer (no connection after {connect_s:.0f} s). Try again."
        raise Passing(FetchError(sentence, code="timeout")) from None
    except (httpcore.TimeoutException, httpx.TimeoutException, TimeoutError):
        sentence = f"{host} stopped sending {name} ({idle_s:.0f} s of silence). Try again."
        raise Passing(FetchError(sentence, code="timeout")) from None
    except (httpcore.ProxyError, httpx.ProxyError):
        raise FetchError("The proxy refused the connection. Check the proxy settings of this computer.") from None
    except (httpcore.ConnectError, httpx.ConnectError, ssl.SSLError, socket.gaierror) as error:
        raise _no_connection(error, host, proxy) from None
    except (httpcore.ProtocolError, httpx.ProtocolError, httpcore.NetworkError, httpx.NetworkError):
        raise Passing(FetchError(f"{host} broke off while sending {name}. Try again.")) from None
    except OSError as error:
        raise not_written(name, error) from None


def not_written(name: str, error: OSError) -> FetchError:
    """The sentence for a file that the disk does not take."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return FetchError(
            f"{name} could not be written: the disk is full. Nothing was damaged. "
            "Free some space, clear the cache, or choose another folder.",
            code="disk",
        )
    return FetchError(
        f"{name} could not be written to the cache ({error.strerror or type(error).__name__}). "
        "Free some space, or choose another cache folder.",
        code="disk",
    )


def _no_connection(error: Exception, host: str, proxy: str) -> Exception:
    """A sentence for each way in which there is no connection; certificates and unknown names do not pass."""
    import ssl

    text = str(error)
    if isinstance(error, ssl.SSLError) or "SSL" in text or "certificate" in text.lower():
        reason = re.search(r"certificate verify failed: ([^()]{1,100})", text)
        why = f" ({reason[1].strip()})" if reason else ""
        return FetchError(
            f"The connection to {host} is not safe: its certificate or encryption is not accepted{why}. "
            "Check this computer's clock and certificates; nothing was sent.",
        )
    if proxy:
        return Passing(
            FetchError(
                f"No connection to the proxy {proxy}, by which this computer reaches {host}. "
                "Check the proxy settings of this computer. Cached files still open.",
                code="offline",
            )
        )
    number = error.errno if isinstance(error, OSError) else getattr(error.__cause__, "errno", None)
    if isinstance(error, socket.gaierror):
        if number in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", -5)):
            return FetchError(f"There is no server named {host}, or no connection to ask for it.", code="offline")
        return Passing(FetchError(f"No connection: the name {host} could not be looked up.", code="offline"))
    if number in (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN):
        return Passing(FetchError(f"No connection to {host}. Cached files still open.", code="offline"))
    return Passing(FetchError(f"No connection to {host}: nobody answers there. Try again.", code="server"))
