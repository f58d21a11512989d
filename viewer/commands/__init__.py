"""The command line: `COMMANDS` and the window, which is what the program is without one of them."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from pathlib import Path

from viewer import __version__
from viewer.commands import base, diff, fetch, info, render, validate
from viewer.errors import ViewerError

COMMANDS: tuple[type[base.Command], ...] = (
    diff.DiffCommand,
    fetch.FetchCommand,
    info.InfoCommand,
    render.RenderCommand,
    validate.ValidateCommand,
)


def run(argv: list[str]) -> int:
    """Run one command, or the window. Returns the exit status (see `base`)."""
    for stream in (sys.stdout, sys.stderr):
        # names in an export are any text; a terminal that cannot show one must not end the program
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        name = argv[0] if argv else ""
        command = next((c for c in COMMANDS if name == c.NAME), None)
        if command is None:
            return _window(argv)
        parser = base.Parser(prog=f"ango-viewer {command.NAME}", description=command.HELP)
        command.add_arguments(parser)
        status = command.run(parser.parse_args(argv[1:]))
        if sys.stdout is not None:  # it may have been closed before we started
            sys.stdout.flush()
        return status
    except ViewerError as error:
        return _could_not(str(error))
    except BrokenPipeError:
        # whoever read us has gone (`| head`): not a failure, and nobody to tell
        _forget_output()
        return base.DONE
    except OSError as error:
        _forget_output()
        place = "Standard output" if error.filename is None else str(error.filename)
        return _could_not(f"{place} could not be read or written: {error.strerror or type(error).__name__}.")
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        from viewer import log

        log.setup()
        logging.getLogger(__name__).error("unexpected", exc_info=error)
        return _could_not(f"Something unexpected happened ({type(error).__name__}). The log says more.")


def _could_not(sentence: str) -> int:
    base.say(sentence)
    return base.COULD_NOT


def _forget_output() -> None:
    """Send what is still buffered nowhere: the interpreter would complain about it at its end."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _window(argv: list[str]) -> int:
    words = "\n".join(f"  ango-viewer {c.NAME} …  {c.HELP}" for c in COMMANDS)
    parser = base.Parser(
        prog="ango-viewer",
        description="See an Ango Hub export as it was drawn.",
        epilog=f"commands:\n{words}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("export", type=Path, nargs="?", metavar="EXPORT", help="an export to open")
    parser.add_argument("--demo", action="store_true", help="open the export that comes with the program")
    parser.add_argument("--version", action="version", version=f"ango-viewer {__version__}")
    parser.add_argument("--issues", type=Path, metavar="FILE", help="an issues export, joined by task id")
    parser.add_argument("--ontology", type=Path, metavar="FILE", help="an ontology JSON, for class colours")
    parser.add_argument("--asset", metavar="REF", help="open at this asset: index, asset id, task id or external id")
    parser.add_argument("--page", type=int, metavar="N", help="and at this page, 0-based")
    parser.add_argument("--stage", metavar="STAGE", help="and at this stage")
    parser.add_argument("--object", metavar="ID", help="with this label selected")
    base.add_fetch_options(parser)
    parser.add_argument("--smoke", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    from viewer.ui.app import run_window
    from viewer.ui.options import WindowOptions

    return run_window(
        WindowOptions(
            export=options.export,
            demo=options.demo,
            issues=options.issues,
            ontology=options.ontology,
            offline=options.offline,
            cache_dir=options.cache_dir,
            assets_dir=options.assets_dir,
            allow_private_hosts=options.allow_private_hosts,
            asset=options.asset,
            page=options.page,
            stage=options.stage,
            object_id=options.object,
            smoke=options.smoke,
        )
    )
