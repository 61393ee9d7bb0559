"""Which part of a translation renders a part of the original."""

from __future__ import annotations

from collections.abc import Sequence

from assemblybot.text.sentences import Span, clauses, sentences


def whole_sentences(text: str, marks: Sequence[tuple[int, int]]) -> Span:
    """From the first to the last sentence of `text` that `marks` touch; all of it without marks."""
    if not marks:
        return Span(0, len(text))
    marked = Span(min(start for start, _ in marks), max(end for _, end in marks))
    found = _between(sentences(text), sentences(text), marked)
    is_part = found and (text[: found.start].strip() or text[found.end :].strip())
    return found if found and is_part else Span(0, len(text))


def counterpart(text: str, part: Span, translation: str) -> Span | None:
    """The span of `translation` that renders `part` of `text`.

    Sentences pair off in order where both texts have the same number, and so do the clauses of one
    sentence. Where only the sentences do, whole sentences are returned; where neither do, `None`.
    """
    ours, theirs = sentences(text), sentences(translation)
    for one, other in zip(ours, theirs, strict=False):
        if len(ours) == len(theirs) and one.start <= part.start and part.end <= one.end:
            finer = _between(clauses(text, one), clauses(translation, other), part)
            return finer or other
    return _between(ours, theirs, part)


def _between(ours: Sequence[Span], theirs: Sequence[Span], part: Span) -> Span | None:
    """From the partner of the first span that `part` touches to that of the last."""
    touched = [i for i, span in enumerate(ours) if span.start < part.end and part.start < span.end]
    if len(ours) != len(theirs) or not touched:
        return None
    return Span(theirs[touched[0]].start, theirs[touched[-1]].end)
