"""Scripted conversations shared by the tests of every channel; see README.md here."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from assemblybot.answering.answer import Answer, Context, Remark, Verdict
from assemblybot.answering.assistant import Assistant
from assemblybot.chat.conversation import Asked, Reply
from assemblybot.collection import DEFAULT
from assemblybot.messages import say
from assemblybot.render.place import day
from assemblybot.render.quotation import quotation
from assemblybot.text.bidi import strip_bidi
from assemblybot.text.language import Language, interface_language


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


@dataclass(frozen=True, slots=True)
class Exchange:
    """Something said, and the answer; `shown` is what a channel must make of it."""

    said: str
    answer: Answer

    @property
    def shown(self) -> tuple[Verdict, tuple[str, ...]]:
        """The verdict and the passages cited."""
        return self.answer.verdict, tuple(citation.passage for citation in self.answer.citations)


@lru_cache
def hold(assistant: Assistant, script: Script) -> tuple[Exchange, ...]:
    """Each step of a script and its answer. Raises AssertionError where the script expects another."""
    context: Context | None = None
    held: list[Exchange] = []
    for step in script.steps:
        exchange = Exchange(step.says, assistant.answer(step.says, context))
        step.check(exchange.answer)
        asked = Asked(step.says, context=context)
        context = Reply(asked, interface_language(exchange.answer.language), exchange.answer).context
        held.append(exchange)
    return tuple(held)


def verdict_of(words: str, language: Language) -> Verdict:
    """The verdict of an answer without passages, by its first words in the language of the turn."""
    said, code = strip_bidi(words), interface_language(language)
    if said.startswith(strip_bidi(say(code, "not-in-corpus"))):
        return Verdict.NOT_IN_CORPUS
    for key in (*map(str, Remark), "source-without-link"):
        if said.startswith(
            strip_bidi(say(code, key, sources="\0", title="\0", question="\0")).split("\0")[0]
        ):
            return Verdict.NOT_A_QUESTION
    raise AssertionError(f"neither an answer nor a courtesy: {said}")


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
