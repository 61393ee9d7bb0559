"""What a question leans on goes out in the fields of a form, and comes back or is left out."""

from __future__ import annotations

import pytest

from assemblybot.answering.answer import Context
from assemblybot.answering.question import LONGEST_QUESTION
from assemblybot.render.reader.thread import thread_context, thread_fields

KNOWN = {f"a report#{number}" for number in range(300)}


@pytest.mark.parametrize("cited", [("a report#3",), ("a report#3", "a report#12")])
def test_fields_hold_a_context(cited: tuple[str, ...]) -> None:
    context = Context("Who chaired it?", cited, "en", refused="How much is a ticket?")
    fields = thread_fields(context)
    assert thread_context(fields, KNOWN) == context
    # As a browser sends them.
    assert (
        thread_context({name: value.replace("\n", "\r\n") for name, value in fields.items()}, KNOWN)
        == context
    )


def test_nothing_to_lean_on_has_no_fields() -> None:
    assert thread_fields(None) == {}
    assert thread_context({}, KNOWN) is None


def test_of_a_long_list_the_end_is_kept() -> None:
    ids = tuple(f"a report#{number}" for number in range(300))
    kept = thread_context(thread_fields(Context("List them", ids)), KNOWN)
    assert kept is not None
    assert kept.citations == ids[-100:]


@pytest.mark.parametrize(
    "fields",
    [
        {"after": "Who?"},
        {"cited": "a report#3"},
        {"after": "Who?", "cited": "\n"},
        {"after": "Who?", "cited": "a report#3\nanother#1"},
        {"after": "w" * (LONGEST_QUESTION + 1), "cited": "a report#3"},
    ],
)
def test_fields_that_no_page_wrote_are_left_out(fields: dict[str, str]) -> None:
    assert thread_context(fields, KNOWN) is None
