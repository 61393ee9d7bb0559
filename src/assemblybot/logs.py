"""Structured logs of the running bots: console lines on a terminal, JSON otherwise.

What a library logs may quote a request, a message or a token, so nothing is kept of it but its kind
and place. Each place in the code may log a few records a minute, so that none fills the disk.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import Final

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

_OURS: Final = str(Path(__file__).parent)
_MOST_A_MINUTE: Final = 10
_AUDIT: Final = logging.getLogger("assemblybot.audit")


def configure(level: str, as_json: bool) -> None:
    """Send the standard library's records through structlog to standard error."""
    shared: list[Processor] = [
        _reduce,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(Repetitions())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    _AUDIT.setLevel(logging.INFO)
    # A record that cannot be formatted would be printed with all its values.
    logging.raiseExceptions = False


def audit(done: str, **fields: str) -> None:
    """Log what somebody did, at every level and however often; `fields` hold names and no content."""
    _AUDIT.info("%s", done, extra={"fields": fields})


class Repetitions(logging.Filter):
    """Lets `most` records a minute through from each place that logs, and counts the others."""

    def __init__(self, most: int = _MOST_A_MINUTE) -> None:
        super().__init__()
        self._most = most
        self._lock = threading.Lock()
        self._minute = 0
        self._here: dict[tuple[str, int], int] = {}
        self._left_out: dict[tuple[str, int], int] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a record is written; one that is says how many like it were left out before."""
        if record.name == _AUDIT.name:
            return True
        place = record.pathname, record.lineno
        with self._lock:
            if (minute := int(time.monotonic() // 60)) != self._minute:
                self._minute = minute
                self._left_out = {of: n - self._most for of, n in self._here.items() if n > self._most}
                self._here = {}
            self._here[place] = self._here.get(place, 0) + 1
            if self._here[place] > self._most:
                return False
            if left_out := self._left_out.pop(place, 0):
                record.left_out = left_out
        return True


def _reduce(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Keep our own message, and of anything else kind and place."""
    record: logging.LogRecord = event["_record"]
    event.pop("stack_info", None)
    exc_info = event.pop("exc_info", None)
    if not record.pathname.startswith(_OURS):
        event["event"] = f"logged at {record.pathname}:{record.lineno}"
    if isinstance(exc_info, tuple) and exc_info[1]:
        event["event"] += f": {describe(exc_info[1])}"
    event.update(getattr(record, "fields", {}))
    if left_out := getattr(record, "left_out", 0):
        event["left_out"] = left_out
    return event


def describe(error: BaseException) -> str:
    """What may be logged of an unexpected error: its kind and place, as its message may quote a user."""
    last = traceback.extract_tb(error.__traceback__)[-1:]
    return type(error).__name__ + "".join(f" at {frame.filename}:{frame.lineno}" for frame in last)
