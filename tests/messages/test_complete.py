import re

import pytest

from assemblybot.messages import areas, entries, say
from assemblybot.text.language import INTERFACE_LANGUAGES

CASES = [(area, language) for area in areas() for language in INTERFACE_LANGUAGES]


@pytest.mark.parametrize(("area", "language"), CASES)
def test_same_keys_and_variables_in_every_language(area: str, language: str) -> None:
    english, other = entries(area, "en"), entries(area, language)  # type: ignore[arg-type]
    assert other.keys() == english.keys()
    for key in english:
        assert variables(other[key]) == variables(english[key]), key


@pytest.mark.parametrize(("area", "language"), CASES)
def test_every_message_formats(area: str, language: str) -> None:
    for key, entry in entries(area, language).items():  # type: ignore[arg-type]
        for number in (1, 2, 3, 11, 100):
            text = say(language, key, **dict.fromkeys(variables(entry), number))  # type: ignore[arg-type]
            assert text.strip()
            if language == "ar" and len(re.findall(r"[A-Za-z]", text)) == 0:
                assert re.search(r"[\u0600-\u06ff]", text)


def variables(entry: object) -> set[str]:
    """Names of the variables of a message, wherever they stand in it."""
    from fluent.syntax import ast, visitor

    class Collect(visitor.Visitor):
        def __init__(self) -> None:
            self.names: set[str] = set()

        def visit_VariableReference(self, node: ast.VariableReference) -> None:
            self.names.add(node.id.name)

    collect = Collect()
    collect.visit(entry)
    return collect.names


def test_unknown_key_and_missing_value() -> None:
    with pytest.raises(KeyError):
        say("en", "no-such-message")
    with pytest.raises(KeyError):
        say("en", "slow-down")


def test_arabic_plurals() -> None:
    two, three, eleven = (say("ar", "reader-passages", count=n) for n in (2, 3, 11))
    assert two == "فقرتان"
    assert "فقرات" in three
    assert eleven.endswith("فقرة")


@pytest.mark.parametrize("area", areas())
def test_french_punctuation_keeps_its_word(area: str) -> None:
    """No-break spaces inside « » and before a colon, narrow ones before ; ? and !"""
    for key, entry in entries(area, "fr").items():
        text = say("fr", key, **dict.fromkeys(variables(entry), 2))
        assert not re.search("« | [»:;?!]", text), key
