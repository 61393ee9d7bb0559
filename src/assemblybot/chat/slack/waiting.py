"""Questions that wait for the answering thread; until it takes one, an edit changes its words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Waiting:
    """Words of waiting questions by message. Single dict operations: safe between threads."""

    def __init__(self) -> None:
        self._words: dict[str, str] = {}

    @contextmanager
    def hold(self, message: str, text: str) -> Iterator[Callable[[], str]]:
        """Keep `text` until the function that is given takes it, with its last edit."""
        if message:
            self._words[message] = text
        try:
            yield lambda: self._words.pop(message, text)
        finally:
            self._words.pop(message, None)

    def edit(self, message: str, text: str) -> bool:
        """Change the words of a question that still waits; False when there is none."""
        if message not in self._words:
            return False
        self._words[message] = text
        return True
