"""Lines to paragraphs, list items and headings, by where they stand and how they look."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from assemblybot.corpus.document import PassageKind
from assemblybot.corpus.formats.pdf.lines import Line
from assemblybot.corpus.formats.pdf.spacing import FURTHER_APART, Spacing, spacings
from assemblybot.corpus.formats.pdf.tables import Grid
from assemblybot.corpus.structure import (
    CAPTION,
    ENDS_PARAGRAPH,
    ENDS_SENTENCE,
    LIST_MARK,
    is_short,
    mark_kind,
)
from assemblybot.text.divisions import division_end

# Of the size of the running text: the letters of headings; those of bold headings, at the least.
_LARGER: Final = 1.12
_SMALLEST_BOLD: Final = 0.9
_LONGEST_HEADING: Final = 200
_MOST_HEADING_LINES: Final = 3
# Where a line can be the last of its paragraph, a smaller distance than `FURTHER_APART` tells.
_ENDED_APART: Final = 1.2
# Lines of one paragraph are no further apart, in leadings.
_TOGETHER: Final = 1.15
# In sizes of a letter: how far the first line of a paragraph is set in, at the least and at the most; and
# how far to the left of an item a line begins that does not go on with it.
_INDENT: Final = 0.9
_DEEPEST_INDENT: Final = 4
_LEFT_OF_ITEM: Final = 0.5
_HYPHEN = re.compile(r"(?P<word>[^\W\d_]+)-$")
_CUT_NUMBER = re.compile(r"\d[-–/]$")
_NUMBERED = re.compile(r"[\d٠-٩]{1,2}(?:\.[\d٠-٩]{1,2}){0,3}\.?\s+\S")
# Tables, captions and footnotes that cut a paragraph in two.
_MOST_BETWEEN: Final = 4

Paragraph = list[Line]


@dataclass(frozen=True, slots=True)
class Look:
    """What most of a document looks like.

    Size and boldness of its text, the spacing of each line, and the words that have a hyphen within a
    line.
    """

    size: float
    bold: bool
    spacing: Mapping[Line, Spacing]
    hyphenated: frozenset[str]


def look_of(lines: Sequence[Line]) -> Look:
    """The look of the running text."""
    sizes: Counter[tuple[float, bool]] = Counter()
    for line in lines:
        sizes[round(line.size * 2) / 2, line.bold] += len(line.text)
    size, bold = max(sizes, key=lambda look: (sizes[look], look), default=(0.0, False))
    words = re.findall(r"\w+-\w+", "\n".join(line.text for line in lines).lower())
    return Look(size, bold, spacings(lines, size), frozenset(words))


def paragraphs(lines: Sequence[Line], look: Look) -> list[Paragraph]:
    """Lines joined to paragraphs, over columns and pages."""
    found: list[Paragraph] = []
    for line in lines:
        if found and not _begins(found[-1], line, look):
            found[-1].append(line)
        else:
            found.append([line])
    return found


def rejoined(pieces: Iterable[Paragraph | Grid], look: Look) -> list[Paragraph | Grid]:
    """Paragraphs that a table, its caption or a footnote cuts in two made whole, before what cuts them."""
    found: list[Paragraph | Grid] = []
    for piece in pieces:
        if isinstance(piece, list) and (begun := _begun(found, piece, look)):
            begun += piece
        else:
            found.append(piece)
    return found


def _begun(found: Sequence[Paragraph | Grid], rest: Paragraph, look: Look) -> Paragraph | None:
    """The paragraph that `rest` continues, if something else stands between them."""
    if not (_is_running(rest, look) and rest[0].text[:1].islower()):
        return None
    for between, piece in enumerate(reversed(found[-_MOST_BETWEEN:])):
        if isinstance(piece, list) and _is_running(piece, look) and not CAPTION.match(piece[0].text):
            last = piece[-1]
            ended = last.text.endswith(ENDS_PARAGRAPH) or look.spacing[last].is_short(last)
            return None if ended or not between else piece
    return None


def _is_running(paragraph: Paragraph, look: Look) -> bool:
    """Whether it is running text of the document: no heading, item or small print."""
    alike = paragraph[0].has_size(look.size) and paragraph[0].bold == look.bold
    return alike and kind_of(paragraph, look) is PassageKind.PARAGRAPH


def kind_of(paragraph: Paragraph, look: Look) -> PassageKind:
    """Heading, item or paragraph."""
    text = " ".join(line.text for line in paragraph)
    if _looks_like_heading(paragraph, look, text):
        return PassageKind.HEADING
    is_footnote = paragraph[0].is_smaller(look.size) and mark_kind(text) != "bullet"
    if paragraph[0].bullet or (LIST_MARK.match(text) and not is_footnote):
        return PassageKind.ITEM
    return PassageKind.HEADING if division_end(text) == len(text) else PassageKind.PARAGRAPH


def paragraph_text(paragraph: Paragraph, look: Look) -> str:
    """Text of a paragraph on one line, words that a line end cuts put together."""
    text = paragraph[0].text
    for line in paragraph[1:]:
        cut = _HYPHEN.search(text)
        following = re.match(r"\w+", line.text)
        if cut and following and line.text[0].islower():
            whole = f"{cut['word']}-{following.group()}".lower()
            text = (text if whole in look.hyphenated else text[:-1]) + line.text
        else:
            cut_number = _CUT_NUMBER.search(text) and line.text[:1].isdigit()
            joined = cut_number or (cut and line.text[:1].isalpha())
            text += line.text if joined else f" {line.text}"
    return f"• {text}" if paragraph[0].bullet and not LIST_MARK.match(text) else text


def _looks_like_heading(paragraph: Paragraph, look: Look, text: str) -> bool:
    if len(text) > _LONGEST_HEADING or len(paragraph) > _MOST_HEADING_LINES:
        return False
    if not any(map(str.isalpha, text)) or paragraph[0].bullet:
        return False
    if paragraph[0].size >= _LARGER * look.size:
        return True
    bold = all(line.bold for line in paragraph) and not look.bold
    if not bold or paragraph[0].size < _SMALLEST_BOLD * look.size:
        return False
    if text.endswith(("?", "؟")):
        return True
    return not text.endswith(ENDS_SENTENCE) or bool(_NUMBERED.match(text) and is_short(text))


def _begins(paragraph: Paragraph, line: Line, look: Look) -> bool:
    """Whether `line` begins a new paragraph."""
    last = paragraph[-1]
    spacing = look.spacing[last]
    ended = last.text.endswith(ENDS_SENTENCE)
    same_size = line.has_size(last.size)
    if not same_size or line.bold != last.bold:
        # A bold word that fills a line of a paragraph does not end it.
        near = line.page == last.page and 0 < line.top - last.top < _TOGETHER * spacing.leading
        return not (near and same_size and not ended and line.text[:1].islower())
    mark = mark_kind(line.text)
    if line.bullet or division_end(line.text) or mark == "bullet":
        return True
    if mark and (ended or spacing.is_short(last) or mark == mark_kind(paragraph[0].text)):
        return True
    if line.page == last.page and line.column == last.column:
        return _is_apart(paragraph, line, spacing)
    # A paragraph goes on in the next column or on the next page when it has not ended.
    return last.text.endswith(ENDS_PARAGRAPH) or spacing.is_short(last) or line.size > _LARGER * look.size


def _is_apart(paragraph: Paragraph, line: Line, spacing: Spacing) -> bool:
    """Whether a line stands so far below the last one, or is so indented, that a paragraph begins."""
    last = paragraph[-1]
    gap = line.top - last.top
    short, closed = spacing.is_short(last), last.text.endswith((".", "!", "?", "؟", ":"))
    most = _ENDED_APART if short or closed else FURTHER_APART
    if gap > most * spacing.leading or gap < -line.size:
        return True
    margin = min(line.begins for line in paragraph[1:] or paragraph)
    indented = line.begins - margin
    ended = last.text.endswith(ENDS_SENTENCE)
    if paragraph[0].begins_item:
        if indented < -_LEFT_OF_ITEM * line.size and len(paragraph) > 1:
            return True
        return ended and gap > _TOGETHER * spacing.leading
    deep = indented >= _DEEPEST_INDENT * line.size
    if indented > _INDENT * line.size and (ended or (not deep and spacing.is_short(last, 0.9))):
        return True
    return short and closed
