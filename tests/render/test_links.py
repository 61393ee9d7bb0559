"""Addresses of passages, recognised."""

from __future__ import annotations

import pytest

from assemblybot.render.links import passage_of


@pytest.mark.parametrize(
    ("path", "passage"),
    [
        ("read/marrakech-2025/12", "marrakech-2025#12"),
        ("read/marrakech-2025/12/", "marrakech-2025#12"),
        ("read/marrakech-2025?lang=en&theme=dark#p12", "marrakech-2025#12"),
        ("read/%D8%AA%D9%82%D8%B1%D9%8A%D8%B1#p1", "تقرير#1"),
        ("read/a%2Fb#p7", "a/b#7"),
        ("read/marrakech-2025#p12:~:text=a,b&quote=00&at=1-2", "marrakech-2025#12"),
    ],
)
def test_other_forms_of_the_same_address(path: str, passage: str) -> None:
    assert passage_of(f"https://example.org/bot/{path}", "https://example.org/bot/") == passage


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.org/bot/read/marrakech-2025#p3",
        "http://example.org/bot/read/marrakech-2025#p3",
        "https://example.org/bot/read/a/b#p3",
        "https://example.org/bot/read/a/b/3",
        "https://example.org/bot/read/marrakech-2025",
        "https://example.org/bot/read/marrakech-2025#px",
        "https://example.org/bot/read/marrakech-2025/x",
        "https://example.org/bot/read/#p3",
        "https://example.org/bot/",
        "nonsense",
    ],
)
def test_other_addresses_are_left_alone(url: str) -> None:
    assert passage_of(url, "https://example.org/bot") is None
    assert passage_of(url, None) is None
