"""How someone wants to read: language of the pages, translation beside the text, colours.

Kept in the address alone, so that pages need neither cookies nor scripts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal, get_args
from urllib.parse import urlencode

from assemblybot.corpus.document import Document
from assemblybot.text.language import (
    INTERFACE_LANGUAGES,
    LANGUAGES,
    InterfaceLanguage,
    Language,
    known_language,
)

Colours = Literal["auto", "light", "dark"]

COLOURS: Final[tuple[Colours, ...]] = get_args(Colours)
NO_TRANSLATION: Final = "none"
_TRANSLATIONS: Final[tuple[Language | Literal["none"], ...]] = (NO_TRANSLATION, *LANGUAGES)
# A language of an Accept-Language header without its region, and its weight. Possessive, since a stranger
# may send thousands of letters.
_ACCEPTED = re.compile(r"\s*+([A-Za-z]++)[^;]*+(?:;\s*+q=([01](?:\.\d*+)?)\s*+)?")


@dataclass(frozen=True, slots=True)
class Display:
    """`translation` is a language, `none`, or `None` for what suits the language of the pages.

    `chosen` tells a language that the reader chose from one that the browser asks for: answers
    follow the chosen one, whatever the language of the question.
    `questions_kept` is not asked for: the foot of every page says what becomes of a question.
    """

    language: InterfaceLanguage = "en"
    translation: Language | Literal["none"] | None = None
    colours: Colours = "auto"
    chosen: bool = True
    questions_kept: bool = False

    @classmethod
    def asked(cls, fields: Mapping[str, str], accepted: str = "") -> Display:
        """From the fields of a form or address, and an Accept-Language header where they lack it.

        Unknown values count as absent.
        """
        code, colours = fields.get("lang"), fields.get("colours")
        language = known_language(code)
        return cls(
            language or _preferred(accepted),
            next((known for known in _TRANSLATIONS if known == fields.get("translation")), None),
            next((known for known in COLOURS if known == colours), "auto"),
            chosen=language is not None,
        )

    @property
    def fields(self) -> dict[str, str]:
        """What `asked` reads back."""
        fields: dict[str, str] = {"lang": self.language} if self.chosen else {}
        if self.translation:
            fields["translation"] = self.translation
        if self.colours != "auto":
            fields["colours"] = self.colours
        return fields

    @property
    def query(self) -> str:
        """The fields for an address, with the question mark; nothing where nothing was chosen."""
        return f"?{urlencode(self.fields)}" if self.fields else ""

    def page_query(self, number: int) -> str:
        """The fields for the address of a page of the list of documents."""
        return f"?{urlencode({**self.fields, 'page': number})}"

    def translation_of(self, document: Document) -> Language | None:
        """The language of the translation to show beside `document`; `None` for none."""
        wanted = self.translation or self.language
        if wanted == NO_TRANSLATION or wanted == document.metadata.language:
            return None
        return wanted if wanted in document.translations else None

    def beside(self, document: Document) -> Display:
        """The same without a choice that `document` does not offer."""
        is_offered = self.translation is None or self.translation_of(document)
        return self if is_offered else replace(self, translation=NO_TRANSLATION)

    def without_translation(self) -> Display:
        """The same where no document is read."""
        return replace(self, translation=None)


def _preferred(accepted: str) -> InterfaceLanguage:
    """The first interface language of an Accept-Language header (RFC 9110, 12.5.4) by weight."""
    best: float = 0
    preferred: InterfaceLanguage = "en"
    for part in accepted.split(","):
        if not (found := _ACCEPTED.fullmatch(part)):
            continue
        quality, code = float(found[2] or 1), found[1].lower()
        if quality > best and code in INTERFACE_LANGUAGES:
            best, preferred = quality, code
    return preferred
