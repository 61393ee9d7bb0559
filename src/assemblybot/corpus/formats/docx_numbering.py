"""The numbers that Word shows before paragraphs, from its definitions of lists and styles."""

from __future__ import annotations

import re
from typing import Any, Final

from docx.document import Document
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from assemblybot.corpus.numbering import BULLET, Counters, Level

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FORMS: Final = {
    "bullet": "",
    "none": "",
    "lowerLetter": "a",
    "upperLetter": "A",
    "lowerRoman": "i",
    "upperRoman": "I",
    "arabicAlpha": "أ",
    "arabicAbjad": "ابجد",
}
_LIST = re.compile(r"list (?:bullet|number)", re.IGNORECASE)
_MOST_STYLES: Final = 20


class Numbering:
    """Counts the paragraphs of one document in order."""

    def __init__(self, document: Document) -> None:
        self._levels: dict[str, dict[int, Level]] = {}
        self._styled: dict[tuple[str, str], int] = {}
        self._of_styles: dict[str, list[tuple[str, Any]]] = {}
        self._lists: dict[str, str] = {}
        self._restarts: dict[tuple[str, int], int] = {}
        self._counters: dict[str, Counters] = {}
        try:
            self._read(document.part.numbering_part.element)
        except (KeyError, NotImplementedError):
            return

    def mark(self, paragraph: Paragraph, style: ParagraphStyle | None) -> str:
        """The bullet or number that Word shows before a paragraph of a style; empty where it shows none."""
        place = self._place(paragraph, style)
        if place is None:
            return BULLET if style and _LIST.match(style.name or "") else ""
        number, at = place
        if number == "0":  # a paragraph that its author took out of the list of its style
            return ""
        name = self._lists.get(number, "")
        restart = self._restarts.pop((number, at), None)
        counters = self._counters.setdefault(name, Counters(self._levels.get(name, {})))
        return counters.next(at, restart)

    def _place(self, paragraph: Paragraph, style: ParagraphStyle | None) -> tuple[str, int] | None:
        """The list and level of a paragraph, by itself or by its styles."""
        own = paragraph._p.pPr.numPr if paragraph._p.pPr is not None else None
        found = [("", own)] if own is not None else []
        found += self._of_style(style)
        number = next((value for _, at in found if (value := _value(at, "numId"))), None)
        if number is None:
            return None
        levels = (value for _, at in found if (value := _value(at, "ilvl")))
        by_style = (self._styled.get((self._lists.get(number, ""), name)) for name, _ in found)
        return number, _whole(next(levels, None), next((at for at in by_style if at is not None), 0))

    def _of_style(self, style: Any) -> list[tuple[str, Any]]:
        """What a style and those it is based on say of lists, each with its id; looked up once."""
        name = style.style_id if style is not None else ""
        if name not in self._of_styles:
            found = []
            for _ in range(_MOST_STYLES):
                if style is None:
                    break
                if (numbered := style.element.find(f"{_W}pPr/{_W}numPr")) is not None:
                    found.append((style.style_id, numbered))
                style = style.base_style
            self._of_styles[name] = found
        return self._of_styles[name]

    def _read(self, numbering: Any) -> None:
        """The levels of each list definition, and which lists follow it or begin anew."""
        linked: dict[str, str] = {}
        for abstract in numbering.findall(f"{_W}abstractNum"):
            name = abstract.get(f"{_W}abstractNumId") or ""
            if style := _value(abstract, "styleLink"):
                linked[style] = name
            self._levels[name] = {}
            for level in abstract.findall(f"{_W}lvl"):
                at = _whole(level.get(f"{_W}ilvl"), 0)
                self._levels[name][at] = _level(level, at)
                if style := _value(level, "pStyle"):
                    self._styled[name, style] = at
        for abstract in numbering.findall(f"{_W}abstractNum"):
            if (other := linked.get(_value(abstract, "numStyleLink"))) is not None:
                self._levels[abstract.get(f"{_W}abstractNumId") or ""] = self._levels[other]
        for number in numbering.findall(f"{_W}num"):
            name = number.get(f"{_W}numId") or ""
            self._lists[name] = _value(number, "abstractNumId")
            for override in number.findall(f"{_W}lvlOverride"):
                at = _whole(override.get(f"{_W}ilvl"), 0)
                if start := _value(override, "startOverride"):
                    self._restarts[name, at] = _whole(start, 1)


def _level(level: Any, at: int) -> Level:
    form = _FORMS.get(_value(level, "numFmt") or "decimal", "1")
    found = level.find(f"{_W}lvlText")
    template = f"%{at + 1}." if found is None else found.get(f"{_W}val") or ""
    return Level(form, template, _whole(_value(level, "start"), 1))


def _value(element: Any, name: str) -> str:
    found = element.find(f"{_W}{name}")
    return str(found.get(f"{_W}val") or "") if found is not None else ""


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and re.fullmatch(r"\d{1,6}", text) else otherwise
