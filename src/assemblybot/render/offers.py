"""The words over what is cited, what is said where nothing is, and the words over suggested questions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from assemblybot.answering.answer import Answer, Citation, Remark, Source, Verdict
from assemblybot.corpus.document import DAYS
from assemblybot.messages import say
from assemblybot.render.place import day
from assemblybot.render.quotation import without_bullet
from assemblybot.text.language import InterfaceLanguage, identify, interface_language

# What one message takes, with its suggestions, on the platform that takes least.
_MOST_CHARACTERS: Final = 3_900


def opening_text(answer: Answer, language: InterfaceLanguage) -> str:
    """What stands over the cited passages of an answer."""
    if answer.remark is Remark.COMPLAINT:
        return say(language, "complaint-passages")
    if answer.remark:
        return say(language, answer.remark)
    if answer.sources_differ:
        return say(language, "answered-differ")
    return heading_text(language, is_list=answer.is_list, is_unsure=answer.is_unsure)


def heading_text(language: InterfaceLanguage, *, is_list: bool, is_unsure: bool) -> str:
    """What stands over cited passages, the first of which answers."""
    if is_unsure:
        return say(language, "answered-unsure")
    return say(language, "answered-list" if is_list else "answered")


def has_others(answer: Answer) -> bool:
    """Whether the passages after the first are only others that may help."""
    return len(answer.citations) > 1 and not (answer.is_list or answer.sources_differ or answer.remark)


def no_answer_text(
    answer: Answer, language: InterfaceLanguage, sources: str, most: float = _MOST_CHARACTERS
) -> str:
    """What an answer without passages says, in lines: that there is none, a courtesy, or what is known of
    the documents it names; a greeting names the `sources`. Nothing is longer than `most` characters."""
    if answer.verdict is Verdict.NOT_IN_CORPUS:
        return say(language, "not-in-corpus")
    remark = answer.remark or Remark.HELP
    if remark in (Remark.GREETING, Remark.REFUSED):
        return say(language, remark, sources=sources, question=answer.question)
    room = most - sum(len(suggestion.text) for suggestion in answer.suggestions)
    lines = [_source(source, language, remark) for source in answer.sources]
    if remark is not Remark.LINK or any(source.address for source in answer.sources):
        lines.insert(0, say(language, remark))
    quoted = [_key_sentence(citation, language) for citation in answer.key_sentences]

    def lines_of_all() -> list[str]:
        return [*lines, *(line for pair in quoted for line in pair)]

    # The longest translations are left out first.
    while _length(lines_of_all()) > room and (translated := [pair for pair in quoted if pair[1:]]):
        longest = max(translated, key=_length)
        quoted[quoted.index(longest)] = longest[:1]
    return "\n".join(_fitting(lines_of_all(), room))


def _length(lines: Sequence[str]) -> int:
    return sum(len(line) + 1 for line in lines)


def suggestions_text(answer: Answer, language: InterfaceLanguage) -> str:
    """What introduces the suggestions of an answer, which differs where something was refused."""
    refused = answer.verdict is Verdict.NOT_IN_CORPUS
    return say(language, "try-one-of-these" if refused else "examples")


def _source(source: Source, language: InterfaceLanguage, remark: Remark) -> str:
    """One line about a document: its title, author and dates, or where it can be read."""
    known, title = source.metadata, source.title(language)
    if remark is Remark.LINK and source.address:
        return say(language, "source-link", title=title, url=source.address)
    if remark is Remark.LINK:
        return say(language, "source-without-link", title=title)
    parts = [say(language, "source-title", title=title)]
    if byline := source.bylines.get(language):
        parts.append(byline)
    elif known.author:
        parts.append(say(language, "source-author", author=known.author))
    if {"begins", "ends"} <= known.about.keys():
        begins, ends = (day(known.about[name], language) for name in ("begins", "ends"))
        parts.append(say(language, "reader-dates", begins=begins, ends=ends))
    days = (known.about[name] for name in DAYS if name in known.about)
    parts += [say(language, "source-day", day=day(value, language)) for value in days]
    if remark is Remark.AUTHOR and source.titles:
        parts.append(say(language, "source-translations"))
    if remark is Remark.AUTHOR and known.note and interface_language(identify(known.note)) == language:
        parts.append(say(language, "source-note", note=known.note))
    return " · ".join(parts)


def _key_sentence(citation: Citation, language: InterfaceLanguage) -> tuple[str, ...]:
    """A line that quotes a section's key sentence, and one with its translation."""
    quote = without_bullet(citation.quote)
    values: dict[str, str | int] = {"quote": quote, "paragraph": citation.paragraph}
    if citation.section is None:
        quoted = say(language, "key-sentence-without-section", **values)
    else:
        quoted = say(language, "key-sentence", section=citation.section, **values)
    if citation.translation is None or language == "ar":
        return (quoted,)
    return quoted, say(language, "key-sentence-translation", text=without_bullet(citation.translation.text))


def _fitting(lines: list[str], room: float) -> Iterator[str]:
    """As many of `lines` as fit into `room` characters."""
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            yield "…"
            return
        yield line
