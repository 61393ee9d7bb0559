"""Dates as each language writes them."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date

from assemblybot.text.bidi import strip_bidi


def day(value: str, language: str) -> str:
    """A date as `language` writes it; anything that is no ISO 8601 date as it is."""
    try:
        return format_date(date.fromisoformat(value), "long", locale=language)
    except ValueError:
        return strip_bidi(value)
