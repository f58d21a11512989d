"""From the command line to a command or the window."""

from __future__ import annotations

import sys


def main(argv: list[str] | None = None) -> int:
    """Run ango-viewer with `argv` (default: the process's). Returns the exit status."""
    from viewer.commands import run

    return run(sys.argv[1:] if argv is None else argv)


if __name__ == "__main__":
    raise SystemExit(main())
