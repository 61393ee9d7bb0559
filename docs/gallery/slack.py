"""A Slack thread as HTML, from the blocks that the bot posts.

Each text element is a paragraph of its own and takes its direction from its first strong letter
(`dir="auto"`, as Slack's own client writes).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from typing import Any, Final

from lxml.html import HtmlElement
from lxml.html.builder import CLASS, DIV, HR, LI, SPAN, UL
from tests.chat.curated import LAMPS, curated
from tests.chat.slack.harness import Bot, running_bot
from tests.conversations.reports import Assistants
from tests.doubles.slack_payloads import command, in_channel, mention, message, ts

from gallery.scenes import ADDRESS, ROOT, Scene, Turn

Block = dict[str, Any]
_CURATOR: Final = "U0ASKER"
#: A turn, and the message that the bot posts, as the Web API takes it; `None` for silence.
Exchange = tuple[Turn, Block | None]


def hold(scene: Scene, assistants: Assistants) -> list[Exchange]:
    """What a bot posts that talks to a double of Slack."""

    async def held() -> list[Exchange]:
        first, others = scene.among(assistants)
        options = {"others": scene.collections[1:], "besides": others, "public_url": ADDRESS}
        async with running_bot(first, documents=curated(ROOT / "corpus", _CURATOR), **options) as bot:
            thread = ts()
            return [(turn, await _reply(bot, turn, scene, thread)) for turn in scene.turns]

    return asyncio.run(held())[scene.unseen :]


async def _reply(bot: Bot, turn: Turn, scene: Scene, thread: str) -> Block | None:
    posted, private = len(bot.posts), len(bot.private)
    if turn.file:
        bot.slack.files["F0FILE"] = (turn.file, LAMPS)
        file = {"id": "F0FILE", "name": turn.file, "size": len(LAMPS)}
        await bot.tell(message("", subtype="file_share", files=[file], thread_ts=thread))
    elif turn.says.startswith("/"):
        form = command(turn.says[1:], bot.slack.response_url(), channel_id="D0DIRECT")
        await bot.act(form, form=True)
    elif not scene.thread:
        await bot.tell(message(turn.says, thread_ts=thread))
    else:
        said = in_channel if posted else mention
        await bot.tell(said(turn.says, thread_ts=thread))
    replies = [*bot.posts[posted:], *bot.private[private:]]
    assert len(replies) == turn.answered, turn
    return next(iter(replies), None)


def thread(scene: Scene, exchanges: Iterable[Exchange]) -> HtmlElement:
    """A whole conversation."""
    posts: list[HtmlElement] = []
    for number, (turn, posted) in enumerate(exchanges):
        time = f"10:{24 + number} AM"
        posts.append(_post("Salma Idrissi", "S", time, [_said(turn, named=scene.thread and not number)]))
        if posted:
            only_here = posted.get("response_type") == "ephemeral"
            seen = [DIV(CLASS("sl-context"), "Only visible to you")] if only_here else []
            posts.append(_post("assemblybot", "A", time, [*seen, *map(_block, posted["blocks"])]))
    head = DIV(CLASS("sl-head"), "Thread" if scene.thread else "assemblybot")
    return DIV(CLASS("sl"), head, DIV(CLASS("sl-posts"), *posts))


def _said(turn: Turn, *, named: bool) -> HtmlElement:
    if turn.file:
        return DIV(CLASS("sl-file"), turn.file)
    says = f"/assembly {turn.says[1:]}" if turn.says.startswith("/") else turn.says
    name = [SPAN(CLASS("sl-mention"), "@assemblybot"), " "] if named else []
    return DIV(CLASS("sl-text"), *name, says, dir="auto")


def _post(name: str, letter: str, time: str, content: Any) -> HtmlElement:
    is_app = letter == "A"
    by = DIV(CLASS("sl-by"), SPAN(CLASS("sl-name"), name))
    if is_app:
        by.append(SPAN(CLASS("sl-app"), "APP"))
    by.append(SPAN(CLASS("sl-time"), time))
    avatar = DIV(CLASS("sl-avatar sl-bot" if is_app else "sl-avatar"), letter)
    return DIV(CLASS("sl-post"), avatar, DIV(CLASS("sl-body"), by, *content))


def _block(block: Block) -> HtmlElement:
    kind = block["type"]
    if kind == "section":
        text = DIV(CLASS("sl-text"), block["text"]["text"], dir="auto")
        return DIV(CLASS("sl-section"), text, *map(_element, filter(None, [block.get("accessory")])))
    if kind == "context":
        return DIV(CLASS("sl-context"), *(DIV(e["text"], dir="auto") for e in block["elements"]))
    if kind == "rich_text":
        return DIV(CLASS("sl-rich"), *map(_rich, block["elements"]))
    if kind in ("actions", "context_actions"):
        return DIV(CLASS(f"sl-{kind}"), *map(_element, block["elements"]))
    if kind == "task_card":
        title = DIV(CLASS("sl-task"), block["title"], dir="auto")
        return DIV(
            CLASS("sl-card"),
            title,
            *(DIV(CLASS("sl-source"), s["text"], dir="auto") for s in block["sources"]),
        )
    if kind == "divider":
        return HR(CLASS("sl-divider"))
    raise ValueError(f"The gallery cannot draw a Slack block of type {kind}; add it to _block.")


def _rich(element: Block) -> HtmlElement:
    kind = element["type"]
    if kind == "rich_text_list":
        return UL(CLASS("sl-list"), *(LI(*_texts(item), dir="auto") for item in element["elements"]))
    name = {"rich_text_section": "sl-text", "rich_text_quote": "sl-quote"}[kind]
    return DIV(CLASS(name), *_texts(element), dir="auto")


def _texts(element: Block) -> Iterator[HtmlElement]:
    for part in element["elements"]:
        style = " ".join(f"is-{name}" for name, on in part.get("style", {}).items() if on)
        yield SPAN(CLASS(style), part["text"]) if style else SPAN(part["text"])


def _element(element: Block) -> HtmlElement:
    if element["type"] == "button":
        return SPAN(CLASS("sl-button"), element["text"]["text"], dir="auto")
    if element["type"] == "feedback_buttons":
        thumbs = (("positive_button", "👍"), ("negative_button", "👎"))
        shown = [SPAN(CLASS("sl-thumb"), sign, title=element[key]["text"]["text"]) for key, sign in thumbs]
        return DIV(CLASS("sl-thumbs"), *shown)
    raise ValueError(
        f"The gallery cannot draw a Slack element of type {element['type']}; add it to _element."
    )
