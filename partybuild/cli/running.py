"""From arguments to an exit code, whatever happens in between."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from typing import Any

from partybuild.cli.codes import BAD_INPUT, BROKEN, GOOD, STOPPED
from partybuild.cli.inputs import InputError, problems_of
from partybuild.cli.telling import asked_lang, lines, told_error, told_problem
from partybuild.errors import PartybuildError, ProblemsError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    0: everything is met or on course. 1: something is missed, breached or behind.
    2: something is not known (no data, no goal to judge by). 3: the input is bad;
    what is wrong stands on the error stream. `arguments` None: those of the process.

    >>> main(["assess", "no-plan.toml", "no-events.csv", "--as-of", "2021-12-31"])
    3
    """
    _prepare_streams()
    told = sys.argv[1:] if arguments is None else list(arguments)
    lang = asked_lang(told)
    try:
        return _run(told)
    except ProblemsError as error:
        own = error.lang if isinstance(error, InputError) and "--lang" not in told else None
        sys.stderr.write(lines(told_problem(one, own or lang) for one in problems_of(error)))
        return BAD_INPUT
    except PartybuildError as error:
        return _fail(error, lang)
    except BrokenPipeError:
        # Whoever read our output has gone, as `head` does; nothing more can be told.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return GOOD
    except OSError as error:
        return _fail(error, lang)
    except Exception:  # noqa: BLE001 -- Python's own exit code would be 1, which says "missed"
        traceback.print_exc()
        return BROKEN


def _run(arguments: Sequence[str]) -> int:
    from partybuild.cli.app import ClickErrors, build_app

    errors = ClickErrors()
    command: Any = build_app()
    try:
        code = command(
            args=list(arguments),
            prog_name="partybuild",
            standalone_mode=False,
        )
        sys.stdout.flush()
    except errors.usage as error:
        return _fail_usage(error)
    except errors.abort:
        sys.stderr.write("stopped\n")
        return STOPPED
    return code if isinstance(code, int) else GOOD


def _fail(error: BaseException, lang: str) -> int:
    sys.stderr.write(f"{told_error(error, lang)}\n")
    return BAD_INPUT


def _fail_usage(error: Any) -> int:
    if error.ctx is not None:
        sys.stderr.write(f"{error.ctx.get_usage()}\n")
    sys.stderr.write(f"{error.format_message()}\n")
    return BAD_INPUT


def _prepare_streams() -> None:
    """Let a console that lacks a character show a stand-in instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
