"""Which addresses may be used at all. Everything here comes from the export, which nobody has to trust."""

from __future__ import annotations

import ipaddress
import os
import re
import socket
import stat
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import BinaryIO, Literal, TypeAlias
from urllib.parse import unquote, urlsplit

from viewer.errors import FetchError, one_line

IP: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Verdict = Literal["public", "private", "never"]

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_NAT64_LOCAL = ipaddress.IPv6Network("64:ff9b:1::/48")
_V4_COMPATIBLE = ipaddress.IPv6Network("::/96")
_SITE_LOCAL = ipaddress.IPv6Network("fec0::/10")
_THIS_NETWORK = ipaddress.IPv4Network("0.0.0.0/8")
# Services that hand out the credentials of a cloud machine, where they are not link-local.
_METADATA = frozenset(
    map(
        ipaddress.ip_address,
        ("169.254.169.254", "100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254"),
    )
)
_RESERVED_NAMES = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class WebAddress:
    """A checked http(s) URL, exactly as it stands in the export, and its parts."""

    url: str
    scheme: str
    host: str
    """Lower case, without brackets."""
    port: int

    @property
    def target(self) -> bytes | None:
        """Path and query byte for byte, as a signature demands; None when they need encoding first."""
        rest = self.url[len(self.scheme) + 3 :].partition("#")[0]
        start = min((at for at in (rest.find("/"), rest.find("?")) if at >= 0), default=len(rest))
        target = rest[start:]
        if not target.startswith("/"):
            target = "/" + target
        return target.encode() if all("!" <= character <= "~" for character in target) else None

    @property
    def path(self) -> str:
        """The path as it stands, without the query: the part that may be shown."""
        return urlsplit(self.url).path


def check_url(url: str) -> WebAddress:
    """The parts of an http(s) URL. Raises FetchError (``policy``) for one that no honest export holds."""
    if _CONTROL.search(url):
        raise _refused("it holds control characters")
    if "\\" in url:
        raise _refused("it holds a backslash")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _refused("it is not a valid URL") from None
    scheme = parts.scheme.lower()
    if scheme not in ("http", "https"):
        raise _refused(f"only http and https are fetched, not {one_line(scheme)[:20] or 'this'}")
    if "@" in parts.netloc:
        raise _refused("it holds a user name or password")
    if not parts.hostname:
        raise _refused("it names no server")
    if port == 0:
        raise _refused("port 0 does not exist")
    return WebAddress(url, scheme, parts.hostname.lower(), port or (443 if scheme == "https" else 80))


def check_redirect(old: WebAddress, location: str) -> WebAddress:
    """Where a redirect leads (`location` is absolute). Raises FetchError (``policy``) for a forbidden step."""
    try:
        new = check_url(location)
    except FetchError as error:
        raise FetchError(f"The server {old.host} points to another address. {error}", code="policy") from None
    if old.scheme == "https" and new.scheme == "http":
        raise FetchError(
            f"The server {old.host} points to an unprotected address at {new.host} (http instead of https). "
            "It is not followed; open a newer export, or locate the file.",
            code="policy",
        )
    return new


def judge(address: IP) -> Verdict:
    """Whether an address may be connected to: always, only when private hosts are allowed, or never.

    An IPv6 address that carries an IPv4 one inside (mapped, compatible, 6to4, Teredo, NAT64) is judged by
    the worst of both: `ipaddress.is_global` alone calls 64:ff9b::7f00:1 and 2002:7f00:1:: global.
    """
    verdicts = {_judge_alone(inner) for inner in (address, *_inside(address))}
    return "never" if "never" in verdicts else "private" if "private" in verdicts else "public"


def _inside(address: IP) -> list[IP]:
    if isinstance(address, ipaddress.IPv4Address):
        return []
    inner: list[IP] = []
    if address.ipv4_mapped:
        inner.append(address.ipv4_mapped)
    if address.sixtofour:
        inner.append(address.sixtofour)
    if address.teredo:
        inner.extend(address.teredo)
    if address in _NAT64 or address in _NAT64_LOCAL or (address in _V4_COMPATIBLE and int(address) > 1):
        inner.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return inner


def _judge_alone(address: IP) -> Verdict:
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped or address.sixtofour or address in _NAT64 or address in _NAT64_LOCAL:
            return "public"  # nothing but a wrapping: the address inside decides, whatever this Python thinks of it
        if address in _V4_COMPATIBLE and int(address) > 1:
            return "public"
        if address.scope_id is not None:
            address = ipaddress.IPv6Address(int(address))
        if address in _SITE_LOCAL:
            return "private"
    elif address in _THIS_NETWORK:
        return "never"
    if address in _METADATA or address.is_unspecified or address.is_multicast or address.is_link_local:
        return "never"
    if address.is_loopback or address.is_private:
        return "private"
    if address.is_reserved:
        return "never"
    return "public" if address.is_global else "private"


def check_addresses(host: str, addresses: list[str], *, allow_private: bool) -> None:
    """Check every address that a name resolved to. Raises FetchError (``private-host`` or ``policy``).

    One bad address refuses the name: which of them is used is not ours to decide.
    """
    for text in addresses:
        verdict = judge(ipaddress.ip_address(text))
        if verdict == "never":
            raise FetchError(
                f"This export wants a file from {_named(host, text)}, an address that no file is ever fetched from "
                "(link-local, metadata service, multicast or unspecified). Locate the file instead.",
                code="policy",
            )
        if verdict == "private" and not allow_private:
            raise FetchError(
                f"This export wants a file from {_named(host, text)}, a private address. Nothing was sent. "
                "If you know this server, allow private hosts (--allow-private-hosts).",
                code="private-host",
                host=host,
                address=text,
            )


def resolve(host: str, port: int) -> list[str]:
    """All addresses of a name, each once, in the system's order. Raises OSError (`socket.gaierror`)."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def check_literal(host: str, *, allow_private: bool) -> None:
    """What can be checked when a proxy resolves names itself: addresses in any spelling, and localhost."""
    if host.rstrip(".") == "localhost" or host.rstrip(".").endswith(".localhost"):
        check_addresses(host, ["127.0.0.1"], allow_private=allow_private)
    try:
        # The system reads 2130706433, 0x7f000001 and 127.1 as addresses too: judge results, not text.
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return
    check_addresses(host, [str(entry[4][0]) for entry in found], allow_private=allow_private)


def file_inside(folder: Path, address: str) -> Path | None:
    """The file that a relative path or a ``file:`` URL in an export means; None when there is none.

    Raises FetchError (``policy``) for a path that leads out of `folder` or to what is no regular file.
    """
    if address.lower().startswith("file:"):
        candidates = [_path_of_file_url(address)]
    else:
        candidates = [address, unquote(address)]
    for candidate in dict.fromkeys(candidates):
        if (found := _inside_folder(folder, candidate)) is not None:
            return found
    return None


def _path_of_file_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.netloc not in ("", "localhost"):
        raise _refused("it names a file on another machine")
    path = unquote(parts.path)
    return path[1:] if re.match(r"/[A-Za-z]:[/\\]", path) else path


def _inside_folder(folder: Path, text: str) -> Path | None:
    try:
        root = folder.resolve()
    except OSError:
        return None
    absolute = PurePosixPath(text)
    if os.name == "posix" and absolute.is_absolute():
        # Only file: URLs come here with an absolute path that may be right.
        for start in (root, folder.absolute()):
            if absolute.is_relative_to(start):
                text = str(absolute.relative_to(start))
                break
        else:
            raise _refused("it names a file outside of the export's folder")
    check_relative(text)
    try:
        found = (root / text).resolve()
        if not found.is_relative_to(root):
            raise _refused("it leads out of the export's folder")
        if not found.exists():
            return None
        open_regular(found).close()
    except (OSError, ValueError, RuntimeError) as error:
        if isinstance(error, FileNotFoundError):
            return None
        raise FetchError(
            f"A file beside the export could not be read ({getattr(error, 'strerror', None) or 'not a usable path'}). "
            "Check that it is there and may be read.",
            code="not-found",
        ) from None
    return found


def check_relative(text: str) -> None:
    """Raises FetchError (``policy``) for a path that is not plainly relative on every system."""
    if _CONTROL.search(text):
        raise _refused("it holds control characters")
    windows = PureWindowsPath(text)
    if PurePosixPath(text).is_absolute() or windows.drive or windows.root or text.startswith("~"):
        raise _refused("only files in the export's folder are read, and this names another place")
    for part in windows.parts:
        if part == "..":
            raise _refused("it leads out of the export's folder")
        if ":" in part or is_reserved_name(part):
            raise _refused("it names a device or a hidden stream, not a file")


def is_reserved_name(name: str) -> bool:
    """Whether Windows takes a file name for a device, whatever its suffix."""
    return _RESERVED_NAMES.fullmatch(name.split(".")[0].rstrip()) is not None


def open_regular(path: Path) -> BinaryIO:
    """Open a regular file for reading: no link as its last part, no pipe, no device (and no waiting for one).

    Raises FetchError (``policy``) for anything else, OSError as `open` does.
    """
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags | getattr(os, "O_CLOEXEC", 0))
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise _refused("it is a folder, a device or a pipe, not a file")
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def _refused(why: str) -> FetchError:
    return FetchError(
        f"The address of this file is not used: {why}. Locate the file, or correct the export.", code="policy"
    )


def _named(host: str, address: str) -> str:
    return address if host == address else f"{one_line(host)[:100]} ({address})"
