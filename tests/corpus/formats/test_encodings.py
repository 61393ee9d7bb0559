import pytest
from hypothesis import given
from hypothesis import strategies as st

from assemblybot.corpus.formats.encodings import decode, decode_markup
from assemblybot.errors import DocumentReadError

ARABIC = "فتح الميناء أبوابه في مايو بعد تسع سنوات من العمل."
FRENCH = "Le port a été ouvert à l'été après neuf années de travaux."


@pytest.mark.parametrize(
    ("text", "encoding", "guessed"),
    [
        (ARABIC, "utf-8", None),
        (ARABIC, "utf-16", None),
        (ARABIC, "utf-16-le", "UTF-16-LE"),
        (ARABIC, "cp1256", "Windows-1256"),
        (FRENCH, "cp1252", "Windows-1252"),
        ("¿Cuándo abrió el puerto? El año pasado.", "cp1252", "Windows-1252"),
    ],
)
def test_encodings(text: str, encoding: str, guessed: str | None) -> None:
    decoded = decode(text.encode(encoding))
    assert decoded.text == text
    assert [f"as {guessed}" in note for note in decoded.notes] == [True] * (guessed is not None)


@pytest.mark.parametrize("data", [b"abc\x00\x01\x02\x03def" * 9, b"\xff\xfe\xfd\x00\x81", bytes(range(256))])
def test_binary_data_is_told_from_text(data: bytes) -> None:
    with pytest.raises(DocumentReadError):
        decode(data)


def test_damaged_utf8_is_not_taken_for_a_code_page() -> None:
    data = bytearray(ARABIC.encode())
    data[11] = 0xFF
    with pytest.raises(DocumentReadError, match="UTF-8 with damage at byte"):
        decode(bytes(data))


def test_markup_says_its_encoding() -> None:
    page = f'<meta charset="windows-1256"><p>{ARABIC}</p>'
    assert ARABIC in decode_markup(page.encode("cp1256")).text
    assert "été" in decode_markup(b'<meta charset="no-such">' + "été".encode()).text


@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_an_error(data: bytes) -> None:
    try:
        assert isinstance(decode(data).text, str)
    except DocumentReadError:
        return
