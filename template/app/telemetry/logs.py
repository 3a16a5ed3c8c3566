"""Structured JSON logs on standard output; every line of a request carries its ids.

Log what happened and to which id, never what somebody wrote: no bodies, subjects, names,
addresses or tokens. A test plants canaries in all of them.
"""

import logging
import sys
import warnings
from collections.abc import MutableMapping
from typing import Any

import structlog
from opentelemetry import trace
from structlog.contextvars import merge_contextvars

Event = MutableMapping[str, Any]


def add_trace(_logger: object, _method: str, event: Event) -> Event:
    """Add the trace id when the line is written inside a recorded span."""
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        event["trace_id"] = f"{context.trace_id:032x}"
    return event


def drop_exception_text(_logger: object, _method: str, event: Event) -> Event:
    """Keep an exception's type and where it was raised; its text may quote a customer."""
    error = event.pop("error", None)
    if isinstance(error, BaseException):
        event["error_type"] = type(error).__name__
        last = error.__traceback__
        while last is not None and last.tb_next is not None:
            last = last.tb_next
        if last is not None:
            code = last.tb_frame.f_code
            event["error_at"] = f"{code.co_filename.rsplit('/', 1)[-1]}:{last.tb_lineno}"
    return event


def _text(record: logging.LogRecord) -> str:
    """The constant part of a library's line: what follows the first line end quotes values."""
    if not isinstance(record.msg, str):
        return type(record.msg).__name__
    return record.msg.partition("\n")[0]


class _LibraryLines(logging.Handler):
    """Sends the lines of libraries through the same renderer, without their arguments' repr."""

    def emit(self, record: logging.LogRecord) -> None:
        log = structlog.get_logger(record.name)
        error = record.exc_info[1] if record.exc_info else None
        log.log(record.levelno, "library", logger=record.name, message=_text(record), error=error)


def _warned(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: object = None,
    line: str | None = None,
) -> None:
    # A warning's text may quote a value; its kind and place are enough to find it.
    place = f"{filename.rsplit('/', 1)[-1]}:{lineno}"
    get_logger().warning("library", logger="warnings", message=category.__name__, error_at=place)


def configure(level: str) -> None:
    """Set up logging for the process. `level` is a lower-case level name."""
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            merge_contextvars,
            add_trace,
            drop_exception_text,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(default=str),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stdout),
        cache_logger_on_first_use=True,
    )
    root = logging.getLogger()
    root.handlers[:] = [_LibraryLines()]
    root.setLevel(max(number, logging.WARNING))
    warnings.showwarning = _warned


def get_logger() -> structlog.typing.FilteringBoundLogger:
    """The logger; bind ids with `structlog.contextvars`."""
    logger: structlog.typing.FilteringBoundLogger = structlog.get_logger()
    return logger
