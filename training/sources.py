"""The reading data and the project's own text as units.

``DATA/qa/NAME.KIND.LANGUAGE.tsv.gz`` has the columns question, passage and, for kind ``span``, the answer.
Each source has a share that is used: a large one must not drown the others.
"""

from __future__ import annotations

import csv
import gzip
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import documents
import domain
from assemblybot.text.language import Language
from assemblybot.text.respelling import spellings
from units import OWN_PARTS, Example, Neighbours, Unit, held_out, in_part, stretch

READING = Path(__file__).parent / "reading"
TALK = Path(__file__).parent / "talk" / "turns.tsv"

SPAN = {
    "squad-part.span.en": 1.0, "tydiqa-goldp.span.ar": 1.0, "tydiqa-goldp.span.en": 1.0,
    "mlqa-dev.span.ar": 1.0, "mlqa-dev.span.en": 1.0, "mlqa-dev.span.es": 1.0, "mlqa-dev.xspan.mixed": 1.0,
    "piaf.span.fr": 1.0, "service-public.span.fr": 1.0, "selqa.span.en": 0.5, "covid-qa.span.en": 0.5,
    "fairytaleqa.span.en": 0.5, "clapnq-dev.span.en": 1.0,
}  # fmt: skip
PAIR = {
    "boolq-val.pair.en": 0.3, "code-travail.pair.fr": 1.0, "covid-faq.pair.ar": 1.0, "covid-faq.pair.en": 1.0,
    "crypto-faq.pair.ar": 1.0, "crypto-faq.pair.en": 1.0, "crypto-faq.pair.es": 1.0,
    "crypto-faq.pair.fr": 1.0, "service-public.pair.fr": 1.0, "mlqa-test.pair.es": 0.8,
    "mlqa-test.xpair.ar-es": 0.8, "medquad.pair.en": 0.04, "m365-docs.pair.ar": 0.03,
    "m365-support.pair.ar": 0.1, "m365-support.xpair.mixed": 0.08, "bc-docs.pair.es": 0.06,
    "m365-support.pair.fr": 0.06, "arcd-train.ar": 1.0,
}  # fmt: skip
#: share and weight: rows made by rules are less sure than those that people wrote
UNANSWERED = {
    "squad2-clapnq.unans.en": (1.0, 1.0), "mined.unans.ar": (0.5, 0.6), "mined.unans.fr": (0.25, 0.6),
    "mined.unans.es": (0.3, 0.5), "selqa.unans.en": (0.25, 0.7),
}  # fmt: skip
LONGEST_SPAN, LONGEST_PAIR, PAIR_CUT = 120, 1_500, 700
TALK_SHARE, TALK_WEIGHT, MATE_WEIGHT = 0.6, 0.7, 0.8


def units(data: Path, seed: int) -> list[Unit]:
    """Every unit of every source, the same for the same seed."""
    rng = random.Random(seed)
    found = [*spans(data, rng), *pairs(data, rng), *unanswered(data, rng), *own(rng), *near_misses(rng)]
    found += whole_documents(rng)
    return [*found, *talk(found, rng)]


def rows(data: Path, name: str) -> list[list[str]]:
    """The rows of one file of the reading data."""
    with gzip.open(data / "qa" / f"{name}.tsv.gz", "rt", encoding="utf-8") as file:
        columns = (line.rstrip("\n").split("\t") for line in file)
        return [row for row in columns if len(row) >= 2]


def spans(data: Path, rng: random.Random) -> Iterator[Unit]:
    """Questions whose answer stands in the passage, each beside a passage without it."""
    for name, share in SPAN.items():
        kept = [row[:3] for row in rows(data, name) if len(row) >= 3 and row[2] and row[2] in row[1]]
        neighbours = Neighbours([passage for _, passage, _ in kept])
        crossing = ".xspan." in name
        group = "span-x" if crossing else f"span-{name.rsplit('.', 1)[1]}"
        for question, passage, answer in kept:
            if rng.random() >= share:
                continue
            at = passage.find(answer)
            text, span = stretch(passage, (at, at + len(answer)), rng)
            rest = passage.replace(text, " ") if len(passage) > len(text) + 200 else ""
            others = [rest] if rest and answer not in rest else []
            measuring = held_out(passage)
            # a question in another language shares no words with its passage: look near the passage
            text_of = passage if crossing else question
            close = neighbours.near(text_of, own=passage, without=answer, measuring=measuring)
            others += [rng.choice(close)] if close else []
            examples = [Example(question, "", text, True, span, spans=len(answer) <= LONGEST_SPAN)]
            if others:
                examples.append(_unanswered(question, rng.choice(others), rng))
            yield Unit(group, tuple(examples), measuring)


def pairs(data: Path, rng: random.Random) -> Iterator[Unit]:
    """Questions with the passage that answers them, the place unknown, beside a near passage."""
    for name, share in PAIR.items():
        kept = rows(data, name)
        neighbours = Neighbours([row[1] for row in kept])
        for question, passage, *_ in kept:
            if rng.random() >= share or len(passage) > LONGEST_PAIR:
                continue
            measuring = held_out(passage)
            text_of = passage if ".xpair." in name else question
            close = neighbours.near(text_of, own=passage, without="", measuring=measuring)
            examples = [Example(question, "", passage[:PAIR_CUT], True)]
            if close:
                text, _ = stretch(rng.choice(close), None, rng)
                examples.append(Example(question, "", text, False))
            yield Unit("pair", tuple(examples), measuring)


def unanswered(data: Path, rng: random.Random) -> Iterator[Unit]:
    """Questions beside a near passage that does not answer them."""
    for name, (share, weight) in UNANSWERED.items():
        for question, passage, *_ in rows(data, name):
            if rng.random() < share:
                example = _unanswered(question, passage, rng, weight)
                yield Unit("unans", (example,), held_out(passage))


def own(rng: random.Random) -> Iterator[Unit]:
    """`training/domain`: questions in five languages, each beside a passage of the same topic."""
    found = domain.passages()
    sides = {side: [p for p in found if in_part(p.topic, OWN_PARTS) is side] for side in (False, True)}
    for passage in found:
        measuring = in_part(passage.topic, OWN_PARTS)
        mates = [other for other in found if other.topic == passage.topic and other is not passage]
        if len(mates) < 2:
            mates += rng.sample(sides[measuring], min(3, len(sides[measuring])))
        for question in passage.questions:
            examples = [_of_domain(question, passage, question.answered, rng)]
            if question.answered:
                examples.append(_of_domain(question, rng.choice(mates), False, rng, MATE_WEIGHT))
            yield Unit("domain", tuple(examples), measuring)


def _of_domain(
    question: domain.Question, passage: domain.Passage, answers: bool, rng: random.Random, weight: float = 1.0
) -> Example:
    """One text in five is the English translation; the topic stands as a title in two of five."""
    text = passage.english if rng.random() < 0.2 else passage.text
    title = passage.topic if rng.random() < 0.4 else ""
    # that a mate of the same topic does not answer is likely, not sure: its span is not taught
    known = not question.answered
    return Example(_read_as(question.text, question.lang), title, text, answers, None, known, weight)


def near_misses(rng: random.Random) -> Iterator[Unit]:
    """`training/reading`: an answered question beside the same question with one thing changed."""
    for path in sorted(READING.glob("*.jsonl")):
        found = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        for number, row in enumerate(found):
            measuring = _is_held_out(number)
            others = [n for n in (number - 2, number - 1, number + 1, number + 2) if 0 <= n < len(found)]
            beside = [found[n] for n in others if _is_held_out(n) is measuring or measuring]
            for place, asked in enumerate(row["questions"]):
                if asked["a"] in row["passage"]:
                    yield Unit("near", _twins(row, place, beside, rng), measuring)


def _is_held_out(number: int) -> bool:
    return number % OWN_PARTS == 5


def _twins(
    row: Mapping[str, Any], place: int, beside: Sequence[Mapping[str, Any]], rng: random.Random
) -> tuple[Example, ...]:
    """A question with its near misses over one passage; at times also over another document."""
    asked, passage = row["questions"][place], row["passage"]
    above = (("title", 0.6), ("section", 0.7), ("lead_in", 1.0))
    context = " · ".join(row[name] for name, share in above if row.get(name) and rng.random() < share)
    at = passage.find(asked["a"])
    question = _read_as(asked["q"], asked["lang"])
    examples = [Example(question, context, passage, True, (at, at + len(asked["a"])), spans=True)]
    missed = [_read_as(near["q"], near["lang"]) for near in row["near"] if near["of"] == place]
    examples += [Example(other, context, passage, False, spans=True) for other in missed]
    if beside and rng.random() < 0.35:
        other = rng.choice(beside)
        examples.append(Example(question, other.get("title") or "", other["passage"], False, spans=True))
    return tuple(examples)


def whole_documents(rng: random.Random) -> Iterator[Unit]:
    """`training/documents`: a question beside passages of the same document, as the product reads them."""
    for number, document in enumerate(documents.trained_on()):
        told, headings = _told(document)
        measuring = in_part(document["id"], OWN_PARTS) or number == 0
        for asked in document["questions"]:
            gold = [told[place] for place in asked["gold"]]
            answered = [_answered(asked, context, passage) for context, passage in gold[:1]]
            others = [one for one in told if one not in gold]
            yield Unit("document", (*answered, *_beside(asked, others, headings, rng)), measuring)
        for asked in document["unanswerable"]:
            yield Unit("document", tuple(_beside(asked, told, headings, rng)), measuring)


def _told(document: Mapping[str, Any]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Passages and headings of a document, each with its context as the product gives it."""
    title, told, headings = document["title"], [], []
    for section in document["sections"]:
        lead_in = ""
        if section["heading"]:
            headings.append((f"{title} · {section['heading']}", section["heading"]))
        for passage in section["passages"]:
            is_item = passage["kind"] in {"item", "row"}
            above = (title, section["heading"], lead_in if is_item else "")
            told.append((" · ".join(part for part in above if part), passage["text"]))
            lead_in = passage["text"] if passage["kind"] == "lead_in" else lead_in if is_item else ""
    return told, headings


def _answered(asked: Mapping[str, Any], context: str, passage: str) -> Example:
    at = passage.find(asked["a"])
    span = (at, at + len(asked["a"])) if at >= 0 else None
    question = _read_as(asked["q"], asked["lang"])
    return Example(question, context, passage, True, span, spans=span is not None)


def _beside(
    asked: Mapping[str, Any],
    others: Sequence[tuple[str, str]],
    headings: Sequence[tuple[str, str]],
    rng: random.Random,
) -> Iterator[Example]:
    """The two nearest of the other passages, one more, and at times a heading."""
    near = Neighbours([passage for _, passage in others])
    first = near.near(asked["q"], own="", without="", measuring=True)[:2]
    chosen = [one for one in others if one[1] in first]
    chosen += rng.sample([one for one in others if one[1] not in first], 3 - len(chosen))
    if headings and rng.random() < 0.3:
        chosen.append(rng.choice(headings))
    for context, passage in chosen:
        yield Example(_read_as(asked["q"], asked["lang"]), context, passage, False, spans=True)


def talk(found: Sequence[Unit], rng: random.Random) -> Iterator[Unit]:
    """`training/talk`: lines that ask nothing, beside any passage."""
    passages = {
        side: [e.passage for unit in found if unit.held_out is side for e in unit.examples if e.answers]
        for side in (False, True)
    }
    with TALK.open(encoding="utf-8", newline="") as file:
        for language, kind, text in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if kind != "question" and rng.random() < TALK_SHARE:
                measuring = in_part(text, OWN_PARTS)
                passage = rng.choice(passages[measuring] or passages[False])
                said = _read_as(text, language)
                yield Unit("talk", (Example(said, "", passage, False, None, True, TALK_WEIGHT),), measuring)


def _read_as(text: str, language: str) -> str:
    """A question as the product gives it to the cross-encoder."""
    return " ".join(spellings(text, cast(Language, language)))


def _unanswered(question: str, passage: str, rng: random.Random, weight: float = 1.0) -> Example:
    text, _ = stretch(passage, None, rng)
    return Example(question, "", text, False, None, True, weight)
