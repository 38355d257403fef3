"""Log lines: JSON, one object a line, for machines that gather them; a plain line for a terminal.

No line quotes an error's message: PostgreSQL puts the row into it, Python the value. An error is told by its kind, the
code it went through and, of engines and files, what went wrong with them.
"""

import json
import logging
import os
import sys
import threading
import time
import traceback
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from rulebook.refusal import Refused

KINDS = ("serve", "sequence", "metrics", "worker", "beat")
# The number of the request that is being answered, so that every line it causes says so.
request_id: ContextVar[str] = ContextVar("request_id", default="")


def process_kind(words: list[str]) -> str:
    """What kind of process was started with these words; of any other the command's name."""
    for word in words[1:]:
        if word in KINDS:
            return word
        if word.startswith("config.scaled:"):
            return word.partition(":")[2]
    return next((word for word in words[1:] if not word.startswith("-")), "python")


KIND = process_kind(sys.argv)


def told(value: object) -> object:
    """A value as a line may say it: errors without what they quote."""
    if not isinstance(value, BaseException):
        return value
    if isinstance(value, Refused):
        return "; ".join(reason.code for reason in value.reasons)
    name = type(value).__name__
    if isinstance(value, OSError):
        return f"{name}: {value.strerror or 'no answer'}"  # without the path, which may name whose file it is
    if name in ("OperationalError", "InterfaceError"):
        return f"{name}: {str(value).partition(chr(10))[0][:200]}"
    return name


def message_of(record: logging.LogRecord) -> str:
    """What a record says, without what must not be said."""
    if record.name == "django.request":
        return str(record.msg).partition(":")[0]  # its path stands behind; the request's own line has the route
    if record.name == "asyncio":
        return str(record.msg).partition("\n")[0]  # the futures behind quote their errors
    if record.name == "celery.app.trace":
        return "a task ended otherwise than it should"  # its arguments hold the error and its words as text
    if not record.args:
        return str(told(record.msg))
    args = record.args
    said = {k: told(v) for k, v in args.items()} if isinstance(args, dict) else tuple(told(each) for each in args)
    try:
        return str(record.msg) % said
    except (TypeError, ValueError):
        return str(record.msg)


def fault_of(error: BaseException) -> list[str]:
    """An error and those that caused it, innermost last: what each was, then the code it went through."""
    said: list[str] = []
    seen: set[int] = set()
    here: BaseException | None = error
    while here is not None and id(here) not in seen:
        seen.add(id(here))
        said.append(str(told(here)))
        said += [
            f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(here.__traceback__)
        ]
        here = here.__cause__ or (None if here.__suppress_context__ else here.__context__)
    return said


class Lines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, Any] = {
            "time": _instant(record.created),
            "level": record.levelname,
            "logger": record.name,
            "kind": KIND,
            "pid": os.getpid(),
        }
        if number := request_id.get():
            said["request"] = number
        if message := message_of(record):
            said["message"] = message
        if more := getattr(record, "facts", None):
            said |= more
        if record.exc_info and record.exc_info[1] is not None:
            said["fault"] = fault_of(record.exc_info[1])
        return json.dumps(said, ensure_ascii=False)


class Plain(logging.Formatter):
    """The same for people at a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        said = f"{_instant(record.created)} {record.levelname} {record.name}: {message_of(record)}"
        if number := request_id.get():
            said += f" [{number}]"
        if record.exc_info and record.exc_info[1] is not None:
            said = "\n".join([said, *fault_of(record.exc_info[1])])
        return said


def _instant(seconds: float) -> str:
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(seconds))}.{int(seconds % 1 * 1000):03d}Z"


def tell_of_threads() -> None:
    """A thread that ends by a bug says so in a line like any other, instead of printing all that Python knows."""

    def ended(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and not issubclass(args.exc_type, SystemExit):
            name = args.thread.name if args.thread else "unknown"
            fault = (args.exc_type, args.exc_value, args.exc_traceback)
            logging.getLogger(__name__).critical("thread %s has ended", name, exc_info=fault)

    threading.excepthook = ended


def logging_told(how: str) -> dict[str, Any]:
    """Django's LOGGING.  how: `json` or `plain`; requests are written down in JSON alone."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": Lines}, "plain": {"()": Plain}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": how}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "config": {"level": "INFO"},
            "ledger": {"level": "INFO"},
            "django.request": {"level": "ERROR"},
            "requests": {"level": "INFO" if how == "json" else "WARNING"},
        },
    }
