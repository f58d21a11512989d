"""Makes a private environment in .venv, installs what is missing, and opens the demo or runs all tests.

Called by the Makefile with any Python from 3.11, which needs neither pip nor the venv module. On Debian and
its kin also the system's packages are installed: as root, by sudo, or else by the one command that is printed.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMPS = ROOT / ".make"
PICTURES = ROOT / "build" / "demo"
CONSTRAINTS = "packaging/constraints.txt"

# The libraries that Qt's wheels want from the system, with their packages on Debian and its kin (where a name
# ends in t64 there, apt takes it for the old one). Debian's own Qt packages would bring far more.
LIBRARIES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
}
# What the tests use beside them. xvfb-run needs xauth, which its package only recommends.
PROGRAMS = {"xvfb-run": "xvfb", "xauth": "xauth", "xdotool": "xdotool", "ffmpeg": "ffmpeg"}

ALONE = ("tests/e2e", "tests/workers")
"""Tests that need all processors for themselves: whole windows, and processes that are killed in the middle."""
NOT_IN_MAKE_TEST = "not corpus and not benchmark"


class Stop(Exception):  # noqa: N818 - not every end is an error
    """Ends the program with a sentence."""


def main(arguments: Sequence[str]) -> int:
    """``run``, ``test``, ``soak`` or ``screenshots``; returns the exit status."""
    purposes = {"run": run, "test": test, "soak": soak, "screenshots": screenshots}
    asked = arguments[0] if arguments else ""
    if asked not in purposes:
        print(f"Usage: bootstrap.py {'|'.join(purposes)}", file=sys.stderr)
        return 2
    purpose = "run" if asked == "run" else "test"  # pictures want the same Xvfb as tests
    os.chdir(ROOT)
    try:
        install_system_packages(purpose)
        install_libraries(purpose)
        return purposes[asked]()
    except Stop as stop:
        print(stop, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


# System packages


def missing_packages(purpose: str) -> list[str]:
    """The Debian packages of what `purpose` needs and this system lacks."""
    missing = [package for library, package in LIBRARIES.items() if not is_there(library)]
    if purpose == "test":
        missing += [package for program, package in PROGRAMS.items() if not shutil.which(program)]
    if importlib.util.find_spec("ensurepip") is None and not works(python()):
        missing.append(f"python{sys.version_info.major}.{sys.version_info.minor}-venv")
    return missing


def is_there(library: str) -> bool:
    """Whether the system's loader finds a shared library. Other systems bring Qt's libraries along."""
    if not sys.platform.startswith("linux"):
        return True
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def install_system_packages(purpose: str) -> None:
    """Install what is missing, by root's or sudo's rights. Raises Stop with the command for somebody who may."""
    missing = missing_packages(purpose)
    if not missing:
        return
    names = " ".join(missing)
    if not shutil.which("apt-get"):
        raise Stop(f"Some packages of the system are missing. On Debian they are called:\n\n  {names}\n")
    install = f"apt-get update && apt-get install -y --no-install-recommends {names}"
    prefix = rights()
    if prefix is None:
        raise Stop(
            "Some packages of the system are missing. Install them with this command, then try again:\n\n"
            f"  su -c '{install}'\n"
        )
    print(f"Installing packages of the system: {names}", flush=True)
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]
    update = subprocess.run([*apt, "update"], check=False)
    subprocess.run([*apt, "install", "-y", "--no-install-recommends", *missing], check=False)
    if missing_packages(purpose):
        why = "the package lists could not be read" if update.returncode else "apt-get did not succeed"
        raise Stop(f"Packages of the system are still missing ({why}; see above). The command was:\n\n  {install}\n")


def rights() -> list[str] | None:
    """What to put before a command for root's rights: nothing, sudo, or None when there is no way."""
    if os.geteuid() == 0:
        return []
    if not shutil.which("sudo"):
        return None
    # Where nobody can type a password, sudo must work without one.
    asks = sys.stdin.isatty() and sys.stderr.isatty()
    if not asks and subprocess.run(["sudo", "-n", "true"], stderr=subprocess.DEVNULL, check=False).returncode:
        return None
    return ["sudo"] if asks else ["sudo", "-n"]


# The private environment


def python() -> Path:
    """The environment's Python."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def state(purpose: str) -> str:
    """What the environment was made from; another state means installing again."""
    digest = hashlib.sha256()
    for part in ("pyproject.toml", CONSTRAINTS):
        digest.update((ROOT / part).read_bytes())
    digest.update(f"{purpose} {ROOT} {sys.version} {sys.executable}".encode())
    return digest.hexdigest()


def install_libraries(purpose: str) -> None:
    """Make .venv and install the program into it, once for each state. Raises Stop when that fails."""
    stamps = [STAMPS / name for name in ((purpose, "test") if purpose == "run" else (purpose,))]
    if python().exists() and any(stamp.exists() and stamp.read_text() == state(stamp.name) for stamp in stamps):
        return
    if not works(python()):
        print("Making a private environment in .venv", flush=True)
        command([sys.executable, "-m", "venv", "--clear", str(VENV)], "The private environment could not be made")
    print("Installing the libraries (once; about 300 MB)", flush=True)
    pip = [str(python()), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--constraint", CONSTRAINTS]
    failure = "The libraries could not be installed. Check the connection, then try again"
    command([*pip, "--upgrade", "pip"], failure)  # groups came with pip 25.1
    command([*pip, "--editable", ".", *(["--group", "dev"] if purpose == "test" else [])], failure)
    STAMPS.mkdir(exist_ok=True)
    (STAMPS / purpose).write_text(state(purpose))


def works(interpreter: Path) -> bool:
    """Whether the environment's Python starts, is of a supported version, has pip, and was made at this place."""
    scripts = interpreter.with_name("pip")
    if not interpreter.exists():
        return False
    if os.name == "posix" and not (scripts.exists() and str(VENV).encode() in scripts.read_bytes()[:1000]):
        return False  # the folder was moved: its scripts name a Python that is elsewhere
    check = "import sys, pip; sys.exit(not (3, 11) <= sys.version_info < (3, 15))"
    return subprocess.run([interpreter, "-c", check], stderr=subprocess.DEVNULL, check=False).returncode == 0


def command(arguments: list[str], failure: str) -> None:
    """Run a command; raises Stop with `failure` unless it succeeds."""
    if subprocess.run(arguments, check=False).returncode:
        raise Stop(f"{failure} (see above).")


# make run


def run() -> int:
    """Open the window on the demo, or render the demo where there is no display."""
    viewer = [str(python()), "-m", "viewer"]
    if has_display(os.environ):
        return subprocess.run([*viewer, "--demo"], check=False).returncode
    print("There is no display here, so the demo is drawn into picture files instead of a window.", flush=True)
    return render_demo(viewer)


def has_display(environment: Mapping[str, str]) -> bool:
    """Whether a window can be opened: always on macOS and Windows, else if a display server answers."""
    if sys.platform in ("darwin", "win32"):
        return True
    return answers(wayland_sockets(environment)) or answers(x_sockets(environment))


def wayland_sockets(environment: Mapping[str, str]) -> list[str]:
    """Where the Wayland server named by the environment would listen."""
    name = environment.get("WAYLAND_DISPLAY")
    return [str(Path(environment.get("XDG_RUNTIME_DIR", ""), name))] if name else []


def x_sockets(environment: Mapping[str, str]) -> list[str | tuple[str, int]]:
    """Where the X server named by the environment would listen; "\\0…" is Linux's abstract name."""
    match = re.fullmatch(r"(?:(?P<host>[^:]*)/?(?:unix)?):(?P<number>\d+)(?:\.\d+)?", environment.get("DISPLAY", ""))
    if match is None:
        return []
    number = int(match["number"])
    if match["host"] in ("", "unix"):
        return [f"/tmp/.X11-unix/X{number}", f"\0/tmp/.X11-unix/X{number}"]
    return [(match["host"], 6000 + number)]


def answers(places: Iterable[str | tuple[str, int]]) -> bool:
    """Whether somebody listens at one of these sockets."""
    for place in places:
        family = socket.AF_UNIX if isinstance(place, str) else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.settimeout(3.0)
            try:
                probe.connect(place)
            except OSError:
                continue
            return True
    return False


def render_demo(viewer: list[str]) -> int:
    """Render the first page of every asset of the demo, and print the paths. Returns the exit status."""
    found = subprocess.run(
        [str(python()), "-c", "from viewer import resources; print(resources.path('demo'))"],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    demo = found.stdout.strip()
    if found.returncode or not demo:
        raise Stop("The demo was not found (see above).")
    info = subprocess.run([*viewer, "info", demo, "--json"], stdout=subprocess.PIPE, check=False)
    if info.returncode:
        raise Stop("The demo could not be read (see above).")
    PICTURES.mkdir(parents=True, exist_ok=True)
    status = 0
    for asset in json.loads(info.stdout)["assets"]:
        name = re.sub(r"[^A-Za-z0-9._-]+", "-", asset["external_id"] or asset["asset_id"] or "asset")
        picture = PICTURES / f"{asset['index']}-{name}.png"
        done = subprocess.run(
            [*viewer, "render", demo, "--asset", str(asset["index"]), "--tags", "-o", str(picture)], check=False
        )
        if done.returncode:
            status = 1
        else:
            print(picture, flush=True)
    return status


# make test


def test() -> int:
    """All checks and all tests, offscreen and in a real window. Runs all of them; returns 1 if one failed."""
    tool = str(VENV / "bin") if os.name != "nt" else str(VENV / "Scripts")
    # one that waits for ever says where, with the stacks of all threads, and does not stop the others
    pytest = [str(python()), "-m", "pytest", "--timeout", "300", "--timeout-method", "thread"]
    offscreen = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
    windowless = {**offscreen, "QT_QPA_PLATFORM": "offscreen"}
    chosen = f"not headed and {NOT_IN_MAKE_TEST}"
    steps: list[tuple[str, list[str], dict[str, str]]] = [
        ("Format", [f"{tool}/ruff", "format", "--check", "."], offscreen),
        ("Lint", [f"{tool}/ruff", "check", "--output-format", "concise", "."], offscreen),
        ("Types", [f"{tool}/mypy", "--strict", "viewer"], offscreen),
        ("Layers", [f"{tool}/lint-imports", "--no-cache", "--no-logo"], offscreen),
        ("Tests", [*pytest, *side_by_side(), "-m", chosen, *("--ignore=" + one for one in ALONE)], windowless),
        ("Tests one by one", [*pytest, "-m", chosen, *ALONE], windowless),
    ]
    if shutil.which("xvfb-run"):
        screen = ["xvfb-run", "-a", "-s", "-screen 0 1600x1000x24"]
        headed = [*screen, *pytest, "-m", f"headed and {NOT_IN_MAKE_TEST}"]
        steps.append(("Tests in a real window", headed, {**offscreen, "QT_QPA_PLATFORM": "xcb"}))
    install_test_server()
    failed: list[str] = []
    for name, arguments, environment in steps:
        print(f"== {name}", flush=True)
        status = subprocess.run(arguments, env=environment, check=False).returncode
        if status and not (status == 5 and name == "Tests in a real window"):  # 5: no test has the mark
            failed.append(name)
    if not shutil.which("xvfb-run"):
        print("== Tests in a real window skipped: there is no xvfb-run on this system", flush=True)
    print(f"== Failed: {', '.join(failed)}" if failed else "== All checks and tests passed", flush=True)
    return 1 if failed else 0


def side_by_side() -> list[str]:
    """Options that spread the tests over the processors; more than four would wait for the same disk and servers."""
    return ["-n", str(min(4, os.cpu_count() or 1)), "--dist", "loadfile"]


def install_test_server() -> None:
    """Install the S3 server of the tests into the user's cache folder, once. Its tests are skipped where that fails."""
    subprocess.run([str(python()), "-m", "tests.make.swift_server"], check=False)


# make soak


def soak() -> int:
    """The tests whose worth lies in repetition, with many more rounds. Returns the exit status."""
    install_test_server()
    environment = {**os.environ, "ANGO_VIEWER_SOAK": "1", "QT_QPA_PLATFORM": "offscreen"}
    return subprocess.run([str(python()), "-m", "pytest", "-s", "-m", "soak"], env=environment, check=False).returncode


# make screenshots


def screenshots() -> int:
    """Take the pictures of the window, the README's too. Returns the exit status."""
    return subprocess.run([str(python()), "packaging/screenshots.py", "--readme"], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
