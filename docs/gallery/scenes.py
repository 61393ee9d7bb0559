"""What the gallery shows: who says what, where it is said, and over which documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from tests import conversations
from tests.conversations.reports import REPORTS, Assistants, with_reports

from assemblybot.answering.assistant import Assistant
from assemblybot.collection import DEFAULT
from assemblybot.settings import Settings
from assemblybot.startup import open_assistant

ROOT: Final = Path(__file__).resolve().parents[2]
#: Where the bot of the gallery is served.
ADDRESS: Final = "https://bot.example.org"

Platform = Literal["telegram", "slack", "reader", "terminal", "api", "verify", "review", "keys"]
CHATS: Final[tuple[Platform, ...]] = ("telegram", "slack")
EVERYWHERE: Final[tuple[Platform, ...]] = (*CHATS, "reader", "terminal")


@dataclass(frozen=True, slots=True)
class Turn:
    """Something said to the bot, or a file that is sent to it; `answered` tells whether the bot replies."""

    says: str = ""
    file: str = ""
    answered: bool = True


@dataclass(frozen=True, slots=True)
class Scene:
    """The turns of one person on some platforms.

    The first of `collections` is asked until another one is chosen. `thread` tells a thread of a group or
    channel from a conversation with the bot alone. The first `unseen` turns are held and not shown.
    """

    name: str
    about: str
    turns: tuple[Turn, ...]
    platforms: tuple[Platform, ...] = EVERYWHERE
    collections: tuple[str, ...] = (DEFAULT,)
    thread: bool = False
    unseen: int = 0

    def among(self, assistants: Assistants) -> tuple[Assistant, Sequence[Assistant]]:
        """The assistant that is asked at first, and those that can be chosen beside it."""
        first, *others = (assistants[name] for name in self.collections)
        return first, others


def _script(name: str) -> Scene:
    """A conversation that the tests of every channel hold."""
    script = next(script for script in conversations.load() if script.name == name)
    return Scene(name, script.about, tuple(Turn(step.says) for step in script.steps))


SCENES: Final = (
    *map(_script, ("english", "arabic", "darija", "arabizi", "french", "spanish")),
    Scene(
        "silence",
        "In a thread of several people: chatter is left alone, a question is answered",
        (
            Turn("Who chaired the Moroccan delegation?"),
            Turn("haha ok", answered=False),
            Turn("How many delegates attended?"),
        ),
        CHATS,
        thread=True,
    ),
    Scene(
        "comparing",
        "Two documents that contradict each other: both are cited, the newer one first",
        (Turn("How much did the footbridge cost?"), Turn("من يدير المدرسة؟")),
        collections=(REPORTS,),
    ),
    Scene(
        "adding",
        "A curator sends a document: what it would become, before it is added",
        (Turn(file="lamps.md"),),
        CHATS,
    ),
    Scene(
        "collections",
        "One chat, several collections: which one is asked, and another one",
        (Turn("/collection"), Turn(f"/collection {REPORTS}"), Turn("What must cyclists do on the bridge?")),
        CHATS,
        collections=(DEFAULT, REPORTS),
    ),
    Scene(
        "review",
        "What curators decide: each question that waits, with the passages that may answer it",
        (Turn("Who shook hands with the minister?"), Turn("ما هو عدد الوفود؟")),
        ("review",),
    ),
    Scene(
        "deciding",
        "The same in a terminal: one key decides a question, and a report says what that changed",
        (Turn("Does bad weather matter?"), Turn("Is it closed in a storm?")),
        ("keys",),
        collections=(REPORTS,),
    ),
    Scene(
        "programs",
        "A program asks over HTTP: exact quotes with their places and links, and whether the sources differ",
        (Turn("How much did the footbridge cost?"),),
        ("api",),
        collections=(REPORTS,),
    ),
    Scene(
        "verifying",
        "Whether quotes still stand, after their document was changed: one does, one has moved, one is gone",
        (
            Turn("How much did the footbridge cost?"),
            Turn("Who designed the footbridge?"),
            Turn("How long is the footbridge from bank to bank?"),
        ),
        ("verify",),
        collections=(REPORTS,),
    ),
)


def open_assistants() -> Assistants:
    """Assistants over the shipped corpus and the reports; the index of the corpus is built where needed."""
    model = str(ROOT / "models" / "assembly-e5")
    return with_reports(open_assistant(Settings(corpus_dir=ROOT / "corpus", model=model, _env_file=None)))
