"""Messages with the blocks that Slack sends of them: what is asked is what a person sees."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from assemblybot import Assistant
from assemblybot.messages import say
from assemblybot.text.bidi import strip_bidi
from tests.chat.slack.harness import running_bot
from tests.doubles.slack_api import BOT_USER
from tests.doubles.slack_payloads import in_channel, mention, message, rich_text, shortcut, ts, typed

Json = dict[str, Any]


def words(text: str, **style: bool) -> Json:
    return {"type": "text", "text": text, **({"style": style} if style else {})}


def emoji(name: str, points: str = "", **fields: Any) -> Json:
    return {"type": "emoji", "name": name, **({"unicode": points} if points else {}), **fields}


def part(kind: str, *elements: Json, **fields: Any) -> Json:
    return {"type": f"rich_text_{kind}", "elements": list(elements), **fields}


def items(style: str, *said: str) -> Json:
    return part("list", *(part("section", words(item)) for item in said), style=style, indent=0, border=0)


DAY = {"type": "date", "timestamp": 1764000000, "format": "{date_long}"}
USER = {"type": "user", "user_id": "U0OTHER"}

#: Text and blocks of a message as Slack sends them, and what a person reads in it.
SEEN: dict[str, tuple[str, list[Json], str]] = {
    "emoji": (
        "when was it held :pray:?",
        typed(words("when was it held "), emoji("pray", "1f64f"), words("?")),
        "when was it held 🙏 ?",
    ),
    "an emoji with a skin tone": (
        "thanks :+1::skin-tone-4:",
        typed(words("thanks "), emoji("+1", "1f44d-1f3fd", skin_tone=4)),
        "thanks 👍🏽",
    ),
    "an emoji of digits": (
        "when? :100:",
        typed(words("when? "), emoji("100", "1f4af")),
        "when? 💯",
    ),
    "an emoji of the workspace between words": (
        "when:شكرا:where",
        typed(words("when"), emoji("شكرا"), words("where")),
        "when where",
    ),
    "a name of an emoji in code": (
        "what does `:key:` mean?",
        typed(words("what does "), words(":key:", code=True), words(" mean?")),
        "what does :key: mean?",
    ),
    "styles": (
        "*When* was _it_ ~not~ held?",
        typed(
            words("When", bold=True),
            words(" was "),
            words("it", italic=True),
            words(" "),
            words("not", strike=True),
            words(" held?"),
        ),
        "When was it not held?",
    ),
    "signs that Slack escapes": (
        "is 1 &lt; 2 &amp; 3 &lt;b&gt;?",
        typed(words("is 1 < 2 & 3 <b>?")),
        "is 1 < 2 & 3 <b>?",
    ),
    "an entity typed as such": ("what is &amp;amp;?", typed(words("what is &amp;?")), "what is &amp;?"),
    "a date": (
        "who spoke on <!date^1764000000^{date_long}|24 November>?",
        typed(words("who spoke on "), {**DAY, "fallback": "24 November"}, words("?")),
        "who spoke on 24 November?",
    ),
    "a date without words": (
        "who spoke on <!date^1764000000^{date_long}^https://example.org|>?",
        typed(words("who spoke on "), {**DAY, "url": "https://example.org"}, words("?")),
        "who spoke on 2025-11-24?",
    ),
    "links": (
        "what is <https://example.org/a|this page>, and <mailto:a@b.org|a@b.org>?",
        typed(
            words("what is "),
            {"type": "link", "url": "https://example.org/a", "text": "this page"},
            words(", and "),
            {"type": "link", "url": "mailto:a@b.org"},
            words("?"),
        ),
        "what is this page, and a@b.org?",
    ),
    "people, groups and everyone": (
        "when <@U0OTHER> <!subteam^S1|@team> <!here>?",
        typed(
            words("when "),
            USER,
            words(" "),
            {"type": "usergroup", "usergroup_id": "S1"},
            words(" "),
            {"type": "broadcast", "range": "here"},
            words("?"),
        ),
        "when ?",
    ),
    "channels": (
        "what was said in <#C1|marrakech> and <#C2|>?",
        typed(
            words("what was said in "),
            {"type": "channel", "channel_id": "C1"},
            words(" and "),
            {"type": "channel", "channel_id": "C2"},
            words("?"),
        ),
        "what was said in marrakech and ?",
    ),
    "preformatted": (
        "what is\n```the rule```",
        rich_text(part("section", words("what is\n")), part("preformatted", words("the\n  rule"), border=0)),
        "what is the rule",
    ),
    "a quote": (
        "&gt; The delegation\nwho led it?",
        rich_text(part("quote", words("The delegation")), part("section", words("who led it?"))),
        "The delegation who led it?",
    ),
    "lists": (
        "tell me\n• when\n• where\n1. who",
        rich_text(
            part("section", words("tell me\n")),
            items("bullet", "when", "where"),
            items("ordered", "who"),
        ),
        "tell me when where who",
    ),
    "words in blocks alone": (
        "This content can't be displayed.",
        [{"type": "section", "text": {"type": "mrkdwn", "text": "when &amp; where?"}}],
        "when & where?",
    ),
    "buttons beside the words": (
        "",
        [
            {"type": "markdown", "text": "when is it?"},
            {
                "type": "actions",
                "elements": [
                    {"type": "button", "action_id": "a", "text": {"type": "plain_text", "text": "Approve"}}
                ],
            },
        ],
        "when is it?",
    ),
    "an image without words": (
        "when?",
        [{"type": "image", "image_url": "https://example.org/a.png", "alt_text": ""}],
        "when?",
    ),
    "Arabic beside an emoji": (
        "متى انعقدت الجمعية؟ :flag-ma:",
        typed(words("متى انعقدت الجمعية؟ "), emoji("flag-ma", "1f1f2-1f1e6")),
        "متى انعقدت الجمعية؟ 🇲🇦",
    ),
}


@pytest.mark.parametrize(("text", "blocks", "seen"), SEEN.values(), ids=SEEN)
def test_what_is_asked_is_what_a_person_sees(text: str, blocks: list[Json], seen: str) -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            thread = ts()
            called = [{"type": "user", "user_id": BOT_USER}, words(" ")]
            mentioned = [*typed(*called), *blocks]
            await bot.tell(message(text, blocks=blocks))
            await bot.tell(mention(text, blocks=mentioned, thread_ts=thread))
            await bot.tell(in_channel(text, blocks=blocks, thread_ts=thread))
            await bot.act(shortcut(text, bot.slack.response_url(), blocks=blocks))
            assert bot.assistant.texts == [seen] * 4

    asyncio.run(scenario())


def forwarded(*blocks: Json, **fields: Any) -> Json:
    """A message that was forwarded, as Slack attaches it."""
    origin = {"team": "T0TEAM", "channel": "C0OTHER", "ts": "1.0", "message": {"blocks": list(blocks)}}
    return {
        "is_msg_unfurl": True,
        "is_share": True,
        "author_name": "Other",
        "message_blocks": [origin],
        "fallback": "[1 January] Other: something",
        **fields,
    }


WHEN = forwarded(
    *typed(words("when was "), words("it", bold=True), words(" held?")), text="when was *it* held?"
)
TABLE = {
    "type": "table",
    "rows": [
        [
            {"type": "raw_text", "text": "when"},
            {"type": "rich_text", "elements": [part("section", words("2025"))]},
        ]
    ],
}
POINT = typed(emoji("point_down", "1f447"))

ATTACHED: dict[str, tuple[str, list[Json], list[Json], str]] = {
    "a message": ("", [], [WHEN], "when was it held?"),
    "a message under an emoji": (":point_down:", POINT, [WHEN], "when was it held?"),
    "a message under words": ("who?", typed(words("who?")), [WHEN], "who?"),
    "two messages": ("", [], [WHEN, forwarded(text="and <@U1> where?")], "when was it held? and where?"),
    "a table": ("", [], [{"blocks": [TABLE], "fallback": "[no preview available]"}], "when 2025"),
    "a picture beside an emoji": (
        ":point_down:",
        POINT,
        [{"blocks": [{"type": "image", "alt_text": ""}], "fallback": "[no preview available]"}],
        "👇",
    ),
}


@pytest.mark.parametrize(("text", "blocks", "attachments", "seen"), ATTACHED.values(), ids=ATTACHED)
def test_what_is_forwarded_is_asked_where_nothing_is_said_over_it(
    text: str, blocks: list[Json], attachments: list[Json], seen: str
) -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            sent = {"blocks": blocks, "attachments": attachments}
            await bot.tell(message(text, **sent))
            await bot.tell(mention(text, **sent))
            await bot.act(shortcut(text, bot.slack.response_url(), **sent))
            assert bot.assistant.texts == ([seen] * 3 if any(map(str.isalnum, seen)) else [])

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        (":pray:", typed(emoji("pray", "1f64f"))),
        (":+1::skin-tone-6:", typed(emoji("+1", "1f44d-1f3ff", skin_tone=6))),
        (":party_parrot:", typed(emoji("party_parrot"))),
        (":شكرا: :100:", typed(emoji("شكرا"), words(" "), emoji("100", "1f4af"))),
        (":wave:", None),
    ],
    ids=["an emoji", "a skin tone", "an emoji of the workspace", "two", "a name alone"],
)
def test_emoji_alone_are_chatter_in_the_language_spoken_before(
    assistant: Assistant, text: str, blocks: list[Json] | None
) -> None:
    async def scenario() -> None:
        async with running_bot(assistant) as bot:
            await bot.tell(message("¿Cuándo se celebró la Asamblea General?"))
            await bot.tell(message(text, blocks=blocks))
            assert strip_bidi(bot.posts[1]["text"]).startswith(strip_bidi(say("es", "chatter")))

    asyncio.run(scenario())
