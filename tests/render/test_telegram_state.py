"""What a Telegram button remembers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assemblybot.render.telegram_state import Cited, State, parse


@given(
    st.lists(
        st.builds(
            Cited,
            st.text("abzAZ09-_", min_size=6, max_size=6),
            st.integers(0, 64**3 - 1),
            st.tuples(st.integers(0, 4095), st.integers(0, 4095)),
        ),
        min_size=1,
        max_size=3,
    ),
    st.sampled_from(["ar", "ary", "ary-Latn", "fr", "en", "es"]),
    st.booleans(),
    st.booleans(),
    st.integers(0, 2),
)
def test_a_button_remembers_everything_in_64_bytes(
    cited: list[Cited],
    language: object,
    listed: bool,
    translated: bool,
    shown: int,
) -> None:
    state = State(
        cited=tuple(cited),
        mark="a1b2c3d4",
        language=language,  # type: ignore[arg-type]
        is_list=listed,
        translated=translated,
        shown=shown % len(cited),
    )
    data = state.data("around")
    assert len(data.encode()) <= 64
    assert parse(data) == ("around", state)


@given(st.text(max_size=70))
def test_anything_else_on_a_button_is_refused(data: str) -> None:
    assert parse(data) is None or len(data) >= 26


def test_an_offset_that_is_too_large_is_left_out() -> None:
    state = State((Cited("AbCd_-", 3, (5, 5000)),), "rating00", "ar")
    found = parse(state.data("next"))
    assert found and found[1].cited == (Cited("AbCd_-", 3, (0, 0)),)
