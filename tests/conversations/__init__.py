"""Scripted conversations shared by the tests of every channel; see README.md here."""

from __future__ import annotations

import tomllib
from collections.abc import Container
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Final, NamedTuple

from assemblybot.answering.answer import Answer, Context, Remark, Verdict
from assemblybot.answering.assistant import Assistant
from assemblybot.chat.conversation import Asked, Reply
from assemblybot.collection import DEFAULT
from assemblybot.messages import say
from assemblybot.render.localise import localised
from assemblybot.render.place import day, place, places
from assemblybot.render.quotation import quotation, quoted_list, without_bullet
from assemblybot.text.bidi import strip_bidi
from assemblybot.text.language import INTERFACE_LANGUAGES, InterfaceLanguage, interface_language

#: Keys of the messages that answers begin with, and what the turn was.
_OPENINGS: Final = {
    **{str(remark): remark for remark in Remark},
    "complaint-passages": Remark.COMPLAINT,
    "source-without-link": Remark.LINK,
    **dict.fromkeys(
        ("not-in-corpus", "answered", "answered-list", "answered-unsure", "answered-differ"), None
    ),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing said, and what must come of it.

    Where `differ` is given, `cites` are all that is cited, in this order.
    """

    says: str
    verdict: Verdict
    cites: tuple[str, ...] = ()
    is_list: bool = False
    remark: Remark | None = None
    language: str | None = None
    differ: bool | None = None

    def check(self, answer: Answer) -> None:
        """Raises AssertionError when something else was answered."""
        cited = tuple(citation.passage for citation in answer.citations)
        assert answer.verdict is self.verdict, self.says
        assert self.remark in (None, answer.remark), (self.says, answer.remark)
        assert self.language in (None, answer.language), (self.says, answer.language)
        assert answer.sources_differ is bool(self.differ), self.says
        if self.is_list or self.differ is not None:
            assert cited == self.cites, (self.says, cited)
        elif self.cites:
            assert cited[:1] == self.cites[:1] and set(self.cites) <= set(cited), (self.says, cited)
        else:
            assert bool(cited) is (self.verdict is Verdict.ANSWERED), self.says


@dataclass(frozen=True, slots=True)
class Script:
    """One conversation."""

    name: str
    about: str
    steps: tuple[Step, ...]
    collection: str = DEFAULT


class Shown(NamedTuple):
    """What is seen of an answer: the passages cited, what the turn was, and the language of the words."""

    verdict: Verdict
    cited: tuple[str, ...]
    remark: Remark | None
    language: InterfaceLanguage


@dataclass(frozen=True, slots=True)
class Exchange:
    """Something said, and the answer, localised; a channel must show `shown` and `words` of it."""

    said: str
    answer: Answer

    @property
    def shown(self) -> Shown:
        """What is seen of the answer."""
        cited = tuple(citation.passage for citation in self.answer.citations)
        language = interface_language(self.answer.language)
        return Shown(self.answer.verdict, cited, self.answer.remark, language)

    @property
    def words(self) -> list[str]:
        """What answers, as it is read and, but of a list, as it was written; and where that stands."""
        language, citations = self.shown.language, self.answer.citations
        if not citations:
            return []
        if self.answer.is_list:
            original, translation = quoted_list(citations)
            read = translation or original
            return [read.lead_in, *map(without_bullet, read.items), strip_bidi(places(citations, language))]
        quoted = quotation(citations[0])
        excerpts = filter(None, (quoted.translation, quoted.original))
        return [*(excerpt.answer.text for excerpt in excerpts), strip_bidi(place(citations[0], language))]


@lru_cache
def hold(assistant: Assistant, script: Script) -> tuple[Exchange, ...]:
    """Each step of a script and its answer. Raises AssertionError where the script expects another."""
    context: Context | None = None
    held: list[Exchange] = []
    for step in script.steps:
        exchange = Exchange(step.says, localised(assistant.answer(step.says, context), assistant.index))
        step.check(exchange.answer)
        asked = Asked(step.says, context=context)
        context = Reply(asked, exchange.shown.language, exchange.answer).context
        held.append(exchange)
    return tuple(held)


def seen(words: str, cited: tuple[str, ...], captions: Container[str] = ()) -> Shown:
    """What is seen of an answer: its `words`, over passages cited or in their place, and the `captions` of
    buttons below it. A passage may stand first; then the captions tell the language.

    No message of the bot's begins with another one, in whatever language. Raises AssertionError for an
    answer that begins with none, or speaks two languages.
    """
    told, spoken = strip_bidi(words), [c for c in INTERFACE_LANGUAGES if say(c, "button-helpful") in captions]
    for code, (key, remark) in product(INTERFACE_LANGUAGES, _OPENINGS.items()):
        opening = say(code, key, sources="\0", title="\0", question="\0")
        if told.startswith(strip_bidi(opening).partition("\0")[0]):
            assert spoken in ([], [code]), told
            uncited = Verdict.NOT_IN_CORPUS if key == "not-in-corpus" else Verdict.NOT_A_QUESTION
            return Shown(Verdict.ANSWERED if cited else uncited, cited, remark, code)
    (language,) = spoken
    assert cited, told
    return Shown(Verdict.ANSWERED, cited, None, language)


def check_comparison(shown: str, answer: Answer) -> None:
    """What any channel makes of an answer: it says first that the sources differ, and shows what each of them
    says, with its date, in the order of the answer; of any other answer, it does not say so."""
    language, shown = interface_language(answer.language), strip_bidi(shown)
    told = strip_bidi(say(language, "answered-differ"))
    assert (told in shown) is answer.sources_differ, shown
    at = shown.find(told)
    for citation in answer.citations if answer.sources_differ else ():
        assert citation.day, citation.passage
        for words in (quotation(citation).original.answer.text, day(citation.day.isoformat(), language)):
            at = shown.index(strip_bidi(words), at) + 1


def load() -> list[Script]:
    """Every script of this folder, by name."""
    return [_read(path) for path in sorted(Path(__file__).parent.glob("*.toml"))]


def _read(path: Path) -> Script:
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    steps = tuple(
        Step(
            says=step["says"],
            verdict=Verdict(step["verdict"]),
            cites=tuple(step.get("cites", ())),
            is_list=step.get("is_list", False),
            remark=Remark(step["remark"]) if "remark" in step else None,
            language=step.get("language"),
            differ=step.get("differ"),
        )
        for step in told["step"]
    )
    return Script(path.stem, told["about"], steps, told.get("collection", DEFAULT))
