"""What a curator is told of a file before it is a document."""

from __future__ import annotations

import pytest

from assemblybot.corpus.adding import Added
from assemblybot.curation.editor import Preview
from assemblybot.messages import say
from assemblybot.render.cards import preview_card
from assemblybot.text.bidi import strip_bidi
from tests.doubles import answers


@pytest.mark.parametrize(("remarks", "more"), [(2, 0), (8, 0), (9, 1), (20, 12)])
def test_a_preview_has_eight_remarks_and_counts_the_others(remarks: int, more: int) -> None:
    left_out = tuple(f"picture {number}" for number in range(1, remarks))
    added = Added(answers.document(), "file.txt", left_out=left_out, notes=("no title",))
    card = preview_card(Preview(added, "", None, "", None), "name", "en", "", meanwhile=False)
    shown = [strip_bidi(line) for line in card.lines[2:]]
    said = [f"Left out: {what}" for what in left_out] + ["Note: no title"]
    assert shown == said[:8] + [strip_bidi(say("en", "documents-more", count=more))] * (more > 0)
