import ipaddress
import os
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.errors import FetchError
from viewer.fetch import policy


@pytest.mark.parametrize(
    ("address", "verdict"),
    [
        ("93.184.216.34", "public"),
        ("2606:2800:220:1:248:1893:25c8:1946", "public"),
        ("64:ff9b::5db8:d822", "public"),  # NAT64 of 93.184.216.34
        ("2002:5db8:d822::1", "public"),  # 6to4 of it
        ("::ffff:93.184.216.34", "public"),
        ("127.0.0.1", "private"),
        ("127.8.9.1", "private"),
        ("::1", "private"),
        ("10.1.2.3", "private"),
        ("172.16.0.1", "private"),
        ("192.168.1.1", "private"),
        ("100.64.0.1", "private"),
        ("198.18.0.1", "private"),
        ("fd12:3456::1", "private"),
        ("fec0::1", "private"),
        ("::ffff:127.0.0.1", "private"),
        ("::127.0.0.1", "private"),
        ("64:ff9b::7f00:1", "private"),
        ("64:ff9b::a00:1", "private"),
        ("64:ff9b:1::7f00:1", "private"),
        ("2002:7f00:1::", "private"),
        ("2002:c0a8:101::1", "private"),
        ("0.0.0.0", "never"),
        ("0.1.2.3", "never"),
        ("::", "never"),
        ("::ffff:0.0.0.0", "never"),
        ("64:ff9b::", "never"),
        ("169.254.1.1", "never"),
        ("169.254.169.254", "never"),
        ("::ffff:169.254.169.254", "never"),
        ("64:ff9b::a9fe:a9fe", "never"),
        ("2002:a9fe:a9fe::", "never"),
        ("::169.254.169.254", "never"),
        ("100.100.100.200", "never"),
        ("168.63.129.16", "never"),
        ("fd00:ec2::254", "never"),
        ("fe80::1", "never"),
        ("fe80::1%eth0", "never"),
        ("224.0.0.1", "never"),
        ("ff02::1", "never"),
        ("64:ff9b::e000:1", "never"),
        ("240.0.0.1", "private"),
        ("255.255.255.255", "private"),
    ],
)
def test_judge(address: str, verdict: str) -> None:
    assert policy.judge(ipaddress.ip_address(address)) == verdict


@given(st.ip_addresses(v=4))
def test_a_wrapped_address_is_never_judged_better_than_itself(address: ipaddress.IPv4Address) -> None:
    order = ["public", "private", "never"]
    own = order.index(policy.judge(address))
    number = int(address)
    wrapped = [
        ipaddress.IPv6Address(0xFFFF << 32 | number),
        ipaddress.IPv6Address(0x64FF9B << 96 | number),
        ipaddress.IPv6Address(0x2002 << 112 | number << 80),
    ]
    for outer in wrapped:
        assert order.index(policy.judge(outer)) >= own


@pytest.mark.parametrize(
    "host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "127.0.0.1", "①②⑦.⓪.⓪.①", "１２７.0.0.1"]
)
def test_every_spelling_of_loopback_that_the_system_reads_is_refused(host: str) -> None:
    try:
        addresses = policy.resolve(host, 80)
    except (OSError, UnicodeError):
        return  # the system does not read it as an address at all
    with pytest.raises(FetchError) as caught:
        policy.check_addresses(host, addresses, allow_private=False)
    assert caught.value.code == "private-host"


def test_zero_is_refused_even_where_private_hosts_are_allowed() -> None:
    with pytest.raises(FetchError) as caught:
        policy.check_addresses("0", policy.resolve("0", 80), allow_private=True)
    assert caught.value.code == "policy"


def test_one_bad_address_refuses_the_name_and_is_named() -> None:
    with pytest.raises(FetchError, match=r"pictures\.test \(10\.0\.4\.7\), a private address"):
        policy.check_addresses("pictures.test", ["93.184.216.34", "10.0.4.7"], allow_private=False)
    policy.check_addresses("pictures.test", ["93.184.216.34", "10.0.4.7"], allow_private=True)


@pytest.mark.parametrize(
    "url",
    [
        "http://user@example.com/a",
        "http://user:pass@example.com/a",
        "https://example.com\\@10.0.0.1/a",
        "https://example.com/a\r\nHost: other",
        "https://example.com/a\x00",
        "https://example.com/a\x7f",
        "https://example.com:0/a",
        "https://example.com:99999/a",
        "https://example.com:x/a",
        "https:///a",
        "https://",
        "http://[::1",
        "ftp://example.com/a",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "relative/path",
    ],
)
def test_urls_that_are_refused(url: str) -> None:
    with pytest.raises(FetchError) as caught:
        policy.check_url(url)
    assert caught.value.code == "policy"
    assert "pass@" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "host", "port", "target"),
    [
        ("https://Example.COM/a?b=%2f", "example.com", 443, b"/a?b=%2f"),
        ("http://example.com:8080", "example.com", 8080, b"/"),
        ("HTTP://example.com?x=1#y", "example.com", 80, b"/?x=1"),
        ("https://[2606:2800::1]:444/a/../b", "2606:2800::1", 444, b"/a/../b"),
        ("https://example.com/a b", "example.com", 443, None),
        ("https://example.com/ä", "example.com", 443, None),
    ],
)
def test_a_checked_url_keeps_its_bytes(url: str, host: str, port: int, target: bytes | None) -> None:
    address = policy.check_url(url)
    assert (address.host, address.port, address.target, address.url) == (host, port, target, url)


@given(st.text())
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        address = policy.check_url("https://" + text)
    except FetchError:
        return
    assert address.host


def test_files_beside_the_export(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    picture = tmp_path / "sub" / "a b%20c.png"
    picture.write_bytes(b"x")
    other = tmp_path / "sub" / "d e.png"
    other.write_bytes(b"x")
    assert policy.file_inside(tmp_path, "sub/a b%20c.png") == picture.resolve()
    assert policy.file_inside(tmp_path, "./sub/../sub/d%20e.png".replace("../sub/", "")) == other.resolve()
    assert policy.file_inside(tmp_path, other.as_uri()) == other.resolve()
    assert policy.file_inside(tmp_path, f"file://localhost{other.as_uri()[7:]}") == other.resolve()
    assert policy.file_inside(tmp_path, "sub/none.png") is None


@pytest.mark.parametrize(
    "path",
    [
        "../secret.txt",
        "sub/../../secret.txt",
        "%2e%2e/secret.txt",
        "/etc/hostname",
        "C:\\Windows\\win.ini",
        "C:win.ini",
        "\\\\server\\share\\a.png",
        "//server/share/a.png",
        "\\\\?\\C:\\a.png",
        "~/secret.txt",
        "CON",
        "sub/nul.txt",
        "com1.png",
        "a.png:stream",
        "file:///etc/hostname",
        "file://server/share/a.png",
        "a\x00b",
    ],
)
def test_paths_that_lead_elsewhere_are_refused(tmp_path: Path, path: str) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    with pytest.raises(FetchError) as caught:
        policy.file_inside(folder, path)
    assert caught.value.code == "policy"


@pytest.mark.skipif(os.name != "posix", reason="links, pipes and sockets of POSIX")
def test_links_out_folders_pipes_and_sockets_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "link.png").symlink_to(tmp_path / "secret.txt")
    (folder / "out").symlink_to(tmp_path)
    (folder / "inside").mkdir()
    os.mkfifo(folder / "pipe.png")
    for name in ("link.png", "out/secret.txt", "inside", "pipe.png"):
        with pytest.raises(FetchError):
            policy.file_inside(folder, name)
    with socket.socket(socket.AF_UNIX) as listener:
        here = Path.cwd()
        os.chdir(folder)  # the path of a socket is short
        try:
            listener.bind("s.png")
        finally:
            os.chdir(here)
        with pytest.raises(FetchError):
            policy.file_inside(folder, "s.png")
    (folder / "real.png").write_bytes(b"x")
    (folder / "alias.png").symlink_to("real.png")
    assert policy.file_inside(folder, "alias.png") == (folder / "real.png").resolve()


@pytest.mark.skipif(os.name != "posix", reason="O_NOFOLLOW")
def test_open_regular_follows_no_link_and_waits_for_no_pipe(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"pixels")
    with policy.open_regular(file) as opened:
        assert opened.read() == b"pixels"
    (tmp_path / "link").symlink_to(file)
    with pytest.raises(OSError, match="link"):
        policy.open_regular(tmp_path / "link")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FetchError):
        policy.open_regular(tmp_path / "pipe")
    with pytest.raises(FetchError):
        policy.open_regular(tmp_path)
