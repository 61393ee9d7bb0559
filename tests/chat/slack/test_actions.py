"""Clicks on the buttons under an answer."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from assemblybot.chat.channel import AllowList
from assemblybot.messages import say
from assemblybot.render.links import passage_of
from assemblybot.render.slack_shown import Cited, Shown
from assemblybot.session.base import Reason
from assemblybot.session.identity import rating_key, rating_mark
from assemblybot.text.bidi import strip_bidi
from tests.chat.slack.harness import NAMES, ask, buttons, running_bot
from tests.doubles import answers
from tests.doubles.assistants import ScriptedAssistant
from tests.doubles.indexes import index_of
from tests.doubles.slack_api import TEAM
from tests.doubles.slack_payloads import click, command, event_body, mention, message

ASKER = NAMES.user("slack", TEAM, "U0ASKER")


@pytest.mark.parametrize("refusal", ["not_in_channel", "channel_not_found"])
@pytest.mark.parametrize("action", ["next_passage", "around_passage"])
def test_buttons_under_a_shared_answer_work_where_the_bot_is_no_member(action: str, refusal: str) -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            share = buttons(await ask(bot, "when?"))["share_answer"]
            await bot.act(click(share, bot.slack.response_url("share"), ephemeral=True))
            shared = bot.private[-1]
            bot.slack.fail("chat.postMessage", 200, {"ok": False, "error": refusal})
            await bot.act(click(buttons(shared)[action], bot.slack.response_url("here"), posted="7.7"))
            name, reply = bot.slack.responses[-1]
            assert (name, reply["response_type"], reply["thread_ts"]) == ("here", "in_channel", "7.7")
            assert not reply["replace_original"]

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("action", "number"), [("next_passage", 11), ("around_passage", 3), ("fold_passage", 3)]
)
def test_whoever_asked_in_darija_reads_darija_after_a_click_too(action: str, number: int) -> None:
    asked = ScriptedAssistant()
    article = asked.index.documents["marrakech-2025"]
    read = {passage.number: f"بالدارجة {passage.number}" for passage in article.passages}
    metadata = replace(article.metadata, language="fr")
    asked.index = index_of(replace(article, metadata=metadata, translations={"ary": read}))

    async def scenario() -> None:
        async with running_bot(asked) as bot:
            await bot.tell(mention("شكون ترأس الوفد المغربي؟"))
            assert read[3] in strip_bidi(bot.posts[0]["text"])
            await bot.act(click(buttons(bot.posts[0])[action], bot.slack.response_url()))
            shown = bot.private[-1] if action == "fold_passage" else bot.posts[1]
            assert read[number] in strip_bidi(shown["text"])

    asyncio.run(scenario())


def test_a_stranger_in_a_shared_channel_asks_and_clicks_as_members_do() -> None:
    """Slack may name another workspace then; that of the bot is in `authorizations`."""
    stranger = {"id": "U0STRANGER", "team_id": "T0OTHER"}

    async def scenario() -> None:
        async with running_bot(allowed=AllowList(frozenset({TEAM}))) as bot:
            body = event_body(mention("when?", user="U0STRANGER", team="T0OTHER"))
            await bot.act({**body, "team_id": "T0OTHER", "is_ext_shared_channel": True})
            under = buttons(bot.posts[0])
            for action in ("next_passage", "around_passage"):
                await bot.act(click(under[action], bot.slack.response_url(), user=stranger))
            assert len(bot.posts) == 3
            await bot.act(click(under["fold_passage"], bot.slack.response_url(), user=stranger))
            assert bot.private[-1]["replace_original"]
            await bot.act(
                {**event_body(mention("when?")), "team_id": TEAM, "authorizations": [{"team_id": "T0OTHER"}]}
            )
            assert len(bot.posts) == 3

    asyncio.run(scenario())


def test_a_refusal_of_another_kind_is_no_reason_to_answer_elsewhere(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            await bot.tell(mention("when?"))
            bot.slack.fail("chat.postMessage", 200, {"ok": False, "error": "invalid_auth"})
            await bot.act(click(buttons(bot.posts[0])["next_passage"], bot.slack.response_url()))
            assert not bot.private

    asyncio.run(scenario())
    assert "invalid_auth" in caplog.text


def test_a_private_answer_is_shared_once_with_its_question() -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            share = buttons(await ask(bot, "when?"))["share_answer"]
            for _ in range(2):
                await bot.act(click(share, bot.slack.response_url("share"), ephemeral=True))
            shared = [body for name, body in bot.slack.responses if name == "share"]
            assert len(shared) == 1
            assert shared[0]["response_type"] == "in_channel"
            assert not shared[0]["replace_original"]
            assert "when?" in shared[0]["text"]
            assert "<@U0ASKER>" in shared[0]["text"]
            assert "share_answer" not in buttons(shared[0])
            await bot.act(click(buttons(shared[0])["fold_passage"], bot.slack.response_url("again")))
            again = bot.private[-1]["text"]
            assert "when?" in again
            assert "<@U0ASKER>" in again

    asyncio.run(scenario())


def test_the_next_passage_goes_to_the_thread_or_stays_private() -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            await bot.tell(mention("when?"))
            following = buttons(bot.posts[0])["next_passage"]
            await bot.act(click(following, bot.slack.response_url(), posted="9.1"))
            assert bot.posts[1]["thread_ts"] == "9.1"
            assert answers.document().passages[10].text[:40] in strip_bidi(bot.posts[1]["text"])
            assert "next_passage" not in buttons(bot.posts[1])
            following = buttons(await ask(bot, "when?"))["next_passage"]
            await bot.act(click(following, bot.slack.response_url("mine"), ephemeral=True))
            assert bot.slack.responses[-1][0] == "mine"
            assert bot.private[-1]["response_type"] == "ephemeral"
            assert len(bot.posts) == 2

    asyncio.run(scenario())


def test_around_shows_the_passages_before_and_after() -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            await bot.tell(mention("when?"))
            await bot.act(click(buttons(bot.posts[0])["around_passage"], bot.slack.response_url()))
            text = strip_bidi(bot.posts[1]["text"])
            for number in (2, 3, 4):
                assert answers.document().passages[number - 1].text in text

    asyncio.run(scenario())


def test_the_answer_and_the_whole_passage_take_turns_in_place() -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            await bot.tell(mention("when?"))
            english = answers.document().translations["en"][3]
            fold = buttons(bot.posts[0])["fold_passage"]
            assert english not in bot.posts[0]["text"]
            assert bot.posts[0]["text"].startswith(english.split(". ")[0])
            for number, present in enumerate((True, False, True)):
                await bot.act(click(fold, bot.slack.response_url(f"t{number}")))
                body = bot.private[-1]
                assert body["replace_original"] is True
                assert (english in body["text"]) is present
                assert "context_actions" in [block["type"] for block in body["blocks"]], "still to be rated"
                fold = buttons(body)["fold_passage"]
            bold = [
                p
                for b in bot.private[-1]["blocks"]
                for e in b.get("elements", [])
                for p in e.get("elements", [])
                if isinstance(p, dict) and p.get("style", {}).get("bold")
            ]
            assert len(bold) >= 2, "highlights survive, in the translation and in the original"

    asyncio.run(scenario())


def test_a_suggestion_is_asked_by_a_click_and_the_answer_says_what_was_asked() -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            await bot.tell(mention("off topic?"))
            suggestion = buttons(bot.posts[0])["ask_question"]
            await bot.act(click(suggestion, bot.slack.response_url(), posted="5.5"))
            assert bot.assistant.texts[-1] == suggestion["value"]
            assert bot.posts[1]["text"].startswith(suggestion["value"])
            toggle = buttons(bot.posts[1])["fold_passage"]
            await bot.act(click(toggle, bot.slack.response_url()))
            assert bot.private[-1]["text"].startswith(suggestion["value"])
            assert bot.posts[1]["thread_ts"] == "5.5"

    asyncio.run(scenario())


def thumb(message: dict[str, Any], side: str) -> dict[str, Any]:
    """A click on one of the thumbs under an answer."""
    element = next(b for b in message["blocks"] if b["type"] == "context_actions")["elements"][0]
    value = element[f"{side}_button"]["value"]
    return {"action_id": element["action_id"], "type": "feedback_buttons", "value": value}


def test_ratings_are_counted_under_the_key_of_every_platform_and_the_last_one_counts() -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            await bot.tell(mention("when?"))
            for side in ("positive", "negative"):
                await bot.act(click(thumb(bot.posts[0], side), bot.slack.response_url()))
            ((answer, rated),) = (await bot.store.ratings()).items()
            assert (rated.helpful, rated.not_helpful) == (0, 1)
            same = ScriptedAssistant().answer("when?")
            assert answer == rating_key(same.citations[0].passage, rating_mark(NAMES, same))
            assert b'ratings_total{platform="slack",rating="not_helpful"} 1.0' in bot.counted()

    asyncio.run(scenario())


@pytest.mark.parametrize("reason", Reason)
def test_who_is_not_helped_is_asked_why_and_the_reason_is_kept_and_counted(reason: Reason) -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            await ask(bot, "lang fr")
            reply = await ask(bot, "when?")
            await bot.act(click(thumb(reply, "negative"), bot.slack.response_url(), ephemeral=True))
            asked = bot.private[-1]
            assert say("fr", "feedback-why") in asked["text"]
            assert not asked["replace_original"]
            assert len(buttons(asked)) == len(Reason)
            chosen = buttons(asked)[f"rate_answer_reason:{reason}"]
            await bot.act(click(chosen, bot.slack.response_url("why"), ephemeral=True))
            name, thanks = bot.slack.responses[-1]
            assert (name, thanks["text"]) == ("why", say("fr", "feedback-thanks"))
            assert thanks["replace_original"]
            ((_, rated),) = (await bot.store.ratings()).items()
            assert (rated.not_helpful, rated.reasons) == (1, {reason: 1})
            assert f'reasons_total{{platform="slack",reason="{reason}"}} 1.0'.encode() in bot.counted()

    asyncio.run(scenario())


def test_who_is_helped_is_thanked_in_the_thread() -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            await bot.tell(mention("when?", thread_ts="5.5"))
            await bot.act(click(thumb(bot.posts[0], "positive"), bot.slack.response_url(), posted="5.5"))
            assert bot.private[-1]["text"] == say("en", "feedback-thanks")
            assert bot.private[-1]["thread_ts"] == "5.5"
            await bot.tell(mention("Quand ?"))  # in the language of the answer
            await bot.act(click(thumb(bot.posts[1], "positive"), bot.slack.response_url()))
            assert bot.private[-1]["text"] == say("fr", "feedback-thanks")

    asyncio.run(scenario())


def test_refusals_of_different_questions_are_rated_apart() -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            for question in ("off topic?", "off road?"):
                await bot.tell(mention(question))
                await bot.act(click(thumb(bot.posts[-1], "negative"), bot.slack.response_url()))
            rated = await bot.store.ratings()
            assert len(rated) == 2
            assert all(answer.startswith("not_in_corpus~") for answer in rated)

    asyncio.run(scenario())


def test_a_workspace_that_refuses_source_elements_gets_a_link() -> None:
    async def scenario() -> None:
        async with running_bot(public_url="https://bot.example.org") as bot:
            bot.slack.fail("chat.postMessage", 200, {"ok": False, "error": "invalid_blocks"})
            await bot.tell(message("when?"))
            refused, taken = bot.posts
            assert "task_card" in str(refused["blocks"])
            assert "task_card" not in str(taken["blocks"])
            assert "open_source" in buttons(taken)
            bot.slack.fail("response_url", 400, {"ok": False, "error": "invalid_blocks"})
            await bot.act(click(buttons(refused)["fold_passage"], bot.slack.response_url()))
            assert "open_source" in buttons(bot.private[-1])
            assert bot.private[-1]["replace_original"]

    asyncio.run(scenario())


@pytest.mark.parametrize("value", ["{}", '[["gone#1"],{"language":"en"}]'])
@pytest.mark.parametrize("action", ["next_passage", "around_passage"])
def test_buttons_of_passages_that_are_gone_say_so(action: str, value: str) -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            await bot.act(
                click({"action_id": action, "type": "button", "value": value}, bot.slack.response_url())
            )
            assert "no longer in the sources" in bot.posts[0]["text"]

    asyncio.run(scenario())


def test_spans_beyond_a_passage_that_became_shorter_are_dropped() -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            value = '[["marrakech-2025#2",[0,4],[3,9999]],{"language":"en"}]'
            shown = Shown.read(value)
            assert shown is not None
            citations = bot.conversation.citations(shown)
            assert citations[0].highlights == ((0, 4),)
            assert not bot.conversation.citations(replace(shown, collection="another"))
            assert not bot.conversation.citations(replace(shown, cited=(*shown.cited, Cited("gone#1"))))

    asyncio.run(scenario())


def test_a_click_that_slack_tells_twice_counts_once_and_a_link_is_only_acknowledged() -> None:
    async def scenario() -> None:
        async with running_bot(public_url="https://bot.example.org") as bot:
            await bot.tell(mention("when?"))
            body = click(buttons(bot.posts[0])["next_passage"], bot.slack.response_url())
            assert [await bot.act(body) for _ in range(2)] == [200, 200]
            assert len(bot.posts) == 2
            link = buttons(bot.posts[0])["open_source"]
            assert passage_of(link["url"], "https://bot.example.org") == "marrakech-2025#3"
            assert await bot.act(click(link, bot.slack.response_url())) == 200
            assert len(bot.posts) == 2

    asyncio.run(scenario())


@pytest.mark.parametrize("url", ["http://[", "no address", "ftp://here/x", "http://nowhere.invalid/x"])
def test_a_response_url_that_cannot_be_reached_is_survived(
    url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            assert await bot.act(dict(command("when?", url)), form=True) == 200

    asyncio.run(scenario())
    assert [record.levelname for record in caplog.records if record.levelname != "INFO"] == ["WARNING"]


def test_a_response_url_that_says_wait_is_called_again_and_one_that_failed_is_not() -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            bot.slack.fail("response_url", 429, {"ok": False}, {"Retry-After": "1"})
            await ask(bot, "when?")
            assert len(bot.private) == 1
            bot.slack.fail("response_url", 500, {"ok": False})
            await ask(bot, "who?")
            assert len(bot.private) == 1

    asyncio.run(scenario())
