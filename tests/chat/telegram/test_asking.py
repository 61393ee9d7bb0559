"""The ways to ask: private chats, groups, edits, replies, commands, links, other content."""

from __future__ import annotations

import pytest

from assemblybot.answering.answer import Context, Suggestion
from assemblybot.chat.telegram.references import References
from assemblybot.messages import say
from assemblybot.render.links import passage_of
from assemblybot.text.bidi import strip_bidi
from tests.chat.telegram.harness import play, running
from tests.doubles.assistants import ScriptedAssistant
from tests.doubles.indexes import copies, index_of
from tests.doubles.telegram_updates import BOT, GROUP, edited, group, message, person, private, said, typed

PHOTO = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
VOICE = {"file_id": "f", "file_unique_id": "u", "duration": 3}


def test_any_text_in_a_private_chat_is_a_question_with_one_answer() -> None:
    asked = ScriptedAssistant()

    async def scenario() -> None:
        async with running(asked.as_assistant()) as chat:
            await chat.tell(said("What was discussed?"))
            told = chat.api.sent()[0]
            assert "parse_mode" not in told and told["entities"]
            assert told["link_preview_options"] == {"is_disabled": True}
            assert "reply_parameters" not in told
            await chat.settle()
            assert len(chat.api.sent()) == 1

    play(scenario)
    assert [thread.startswith("answers") for _, _, thread in asked.asked] == [True]


def test_forwarded_text_and_captions_are_questions() -> None:
    asked = ScriptedAssistant()
    origin = {"type": "hidden_user", "sender_user_name": "A", "date": 1}

    async def scenario() -> None:
        async with running(asked.as_assistant()) as chat:
            await chat.tell(said("forwarded words", forward_origin=origin))
            await chat.tell(said(None, caption="words under a picture", photo=PHOTO))

    play(scenario)
    assert asked.texts == ["forwarded words", "words under a picture"]


@pytest.mark.parametrize("content", [{"photo": PHOTO}, {"voice": VOICE}], ids=["picture", "voice"])
def test_what_cannot_be_read_gets_a_polite_line(content: dict[str, object]) -> None:
    asked = ScriptedAssistant()

    async def scenario() -> None:
        async with running(asked.as_assistant()) as chat:
            told = await chat.tell(said(None, user=person(language="fr"), **content))
            assert told["text"] == say("fr", "telegram-only-text")

    play(scenario)
    assert not asked.asked


def test_a_picture_is_counted_in_the_collection_of_its_chat() -> None:
    async def scenario() -> None:
        bound, asked = {"telegram:7": "press"}, ScriptedAssistant().as_assistant()
        async with running(asked, limit="1 per minute", others=("press",), fixed=bound) as chat:
            await chat.tell(said("/ask What was discussed?", chat=group()))
            told = await chat.tell(said(None, photo=PHOTO))
            assert told["text"] == say("en", "telegram-only-text")

    play(scenario)


def test_an_album_gets_one_line_and_groups_none() -> None:
    async def scenario() -> None:
        async with running(ScriptedAssistant().as_assistant()) as chat:
            for _ in range(4):
                chat.api.push(said(None, photo=PHOTO, media_group_id="m1"))
            chat.api.push(said(None, photo=PHOTO, chat=group()))
            await chat.settle()
            assert len(chat.api.sent()) == 1

    play(scenario)


def test_in_groups_only_what_is_said_to_the_bot() -> None:
    asked = ScriptedAssistant()
    ours = {"message_id": 5, "date": 1, "chat": group(), "from": BOT, "text": "an answer"}
    theirs = message("Who chaired it?", chat=group(), user=person(8))

    async def scenario() -> None:
        async with running(asked.as_assistant()) as chat:
            for ignored in (
                said("just talking", chat=group()),
                said("@someone_else what now?", chat=group()),
                said("/ask@other_bot what now?", chat=group()),
                said("talking to you", chat=group(), reply_to_message=theirs),
                said("through the bot", chat=private(), via_bot=BOT),
                said("from a bot", chat=group(), user=BOT | {"id": 99, "username": "b"}),
            ):
                chat.api.push(ignored)
            await chat.settle()
            assert not chat.api.calls or not chat.api.sent()
            for heard in (
                said("@assembly_test_bot one?", chat=group()),
                said("two?", chat=group(), reply_to_message=ours),
                said("/ask three?", chat=group()),
                said("/ask@assembly_test_bot four?", chat=group()),
                said("/ask", chat=group(), reply_to_message=theirs),
                said("what says @assembly_test_bot ?", chat=group(), reply_to_message=theirs),
            ):
                await chat.tell(heard)
                told = chat.api.sent(GROUP)[-1]
                assert told["reply_parameters"]["message_id"] == heard["message"]["message_id"]
                assert told["reply_parameters"]["allow_sending_without_reply"]

    play(scenario)
    assert asked.texts == ["one?", "two?", "three?", "four?", "Who chaired it?", "what says ?"]


def test_answers_in_a_topic_stay_in_it() -> None:
    async def scenario() -> None:
        async with running(ScriptedAssistant().as_assistant()) as chat:
            await chat.tell(said("/ask one?", chat=group(), message_thread_id=77, is_topic_message=True))
            assert chat.api.sent()[-1]["message_thread_id"] == 77

    play(scenario)


def test_ask_without_a_question_says_how() -> None:
    async def scenario() -> None:
        async with running(ScriptedAssistant().as_assistant()) as chat:
            told = await chat.tell(said("/ask", user=person(language="es-AR")))
            assert told["text"] == say("es", "telegram-ask-how")

    play(scenario)


def test_an_edited_question_edits_its_answer() -> None:
    asked = ScriptedAssistant()
    first = message("list the points")

    async def scenario() -> None:
        async with running(asked.as_assistant()) as chat:
            listed = await chat.tell({"message": first})
            chat.api.push(edited(first, "list the points"))
            await chat.settle()
            assert not chat.api.of("editMessageText")
            chat.api.push(edited(first, "off the subject"))
            await chat.api.until(lambda: len(chat.api.of("editMessageText")) == 1)
            now = chat.api.messages[first["chat"]["id"], listed["message_id"]]
            assert now["text"].startswith(say("en", "not-in-corpus"))
            assert len(chat.api.sent()) == 1

    play(scenario)
    assert asked.texts == ["list the points", "off the subject"]


def test_an_edit_after_the_answer_was_deleted_gets_a_new_one() -> None:
    first = message("one thing")

    async def scenario() -> None:
        async with running(ScriptedAssistant().as_assistant()) as chat:
            told = await chat.tell({"message": first})
            chat.api.delete(first["chat"]["id"], told["message_id"])
            await chat.tell(edited(first, "another thing"))
            assert len(chat.api.sent()) == 2

    play(scenario)


def test_a_reply_to_an_answer_follows_up_on_that_answer() -> None:
    asked = ScriptedAssistant()

    async def scenario() -> None:
        async with running(asked.as_assistant()) as chat:
            first = await chat.tell(said("/ask first question", chat=group()))
            await chat.tell(said("/ask list second question", chat=group()))
            await chat.tell(said("and then?", chat=group(), reply_to_message=first))
            await chat.tell(said("/ask and then?", chat=group()))
            await chat.tell(said("/ask and then?", chat=group(), user=person(8)))

    play(scenario)
    assert asked.leaned == [None, "first question", "first question", "and then?", None]
    cited = ("marrakech-2025#3", "marrakech-2025#11")
    assert asked.asked[2][1] == Context("first question", cited, "en")


def test_an_edit_leans_on_what_its_question_leaned_on() -> None:
    asked = ScriptedAssistant()
    second = message("and then?")

    async def scenario() -> None:
        async with running(asked.as_assistant()) as chat:
            await chat.tell(said("first question"))
            await chat.tell({"message": second})
            chat.api.push(edited(second, "and before?"))
            await chat.api.until(lambda: len(chat.api.of("editMessageText")) == 1)

    play(scenario)
    assert asked.leaned == [None, "first question", "first question"]


def test_commands() -> None:
    async def scenario() -> None:
        async with running(ScriptedAssistant().as_assistant()) as chat:
            start = await chat.tell(said("/start"))
            assert "word for word" in start["text"] and len(start["reply_markup"]["inline_keyboard"]) == 3
            assert (await chat.tell(said("/help")))["text"].startswith(say("en", "help"))
            assert "حسن الخلقي" in (await chat.tell(said("/sources")))["text"]
            assert (await chat.tell(said("/context")))["text"] == say("en", "telegram-context-empty")
            await chat.tell(said("when was it \u202eheld?"))
            context = await chat.tell(said("/context"))
            assert "when was it held?" in context["text"] and "30" in context["text"]
            assert "30" in (await chat.tell(said("/privacy")))["text"]
            assert (await chat.tell(said("/forget")))["text"] == say("en", "forgotten")
            assert (await chat.tell(said("/context")))["text"] == say("en", "telegram-context-empty")

    play(scenario)


def test_the_language_is_the_questions_until_one_is_chosen() -> None:
    async def scenario() -> None:
        async with running(ScriptedAssistant().as_assistant()) as chat:
            assert "Traduction" in (await chat.tell(said("Qui a dirigé la délégation du Maroc ?")))["text"]
            assert (await chat.tell(said("/lang es")))["text"] == say("es", "language-set")
            told = await chat.tell(said("Qui a dirigé la délégation du Maroc ?"))
            assert told["text"].split("\n")[1] == say("es", "translation-label")
            assert "del 24 al 27 de noviembre" in told["text"]
            assert (await chat.tell(said("/lang")))["text"] == say("es", "telegram-choose-language")
            assert (await chat.tell(said("/lang auto")))["text"] == say("en", "language-automatic")
            assert "Traduction" in (await chat.tell(said("Qui a dirigé la délégation du Maroc ?")))["text"]

    play(scenario)


def test_deep_links() -> None:
    asked = ScriptedAssistant()
    references = References(asked.as_assistant().index)
    question = asked.index.documents["marrakech-2025"].questions[12]["fr"][0]
    name = references.question_name(Suggestion(question, "marrakech-2025#12"), "fr")
    code = references.link(asked.as_assistant().passage("marrakech-2025#12", "en"))  # type: ignore[arg-type]

    async def scenario() -> None:
        async with running(asked.as_assistant()) as chat:
            for payload in ("p12", code):
                told = await chat.tell(said(f"/start {payload}"))
                passage = asked.index.passages[11].text
                assert passage in strip_bidi(told["text"])
                assert "👍" not in str(told["reply_markup"])
            await chat.tell(said(f"/start {name}"))
            assert asked.texts == [question]
            for payload in ("p999", "p12-AAAAAA", "inline", "q" * 60):
                told = await chat.tell(said(f"/start {payload}"))
                assert "word for word" in told["text"]

    play(scenario)


def test_inline_results_are_passages_with_their_place() -> None:
    asked = ScriptedAssistant()

    async def scenario() -> None:
        async with running(asked.as_assistant(), public_url="https://bot.example") as chat:
            chat.api.push(typed("when was it held"))
            await chat.api.until(lambda: len(chat.api.of("answerInlineQuery")) == 1)
            given = chat.api.of("answerInlineQuery")[0]
            assert given["is_personal"] and given["button"]["start_parameter"]
            first = given["results"][0]
            content = first["input_message_content"]
            assert asked.index.passages[2].text in strip_bidi(content["message_text"])
            assert "¶3" in strip_bidi(first["title"]) and "¶3" in strip_bidi(content["message_text"])
            url = first["reply_markup"]["inline_keyboard"][0][0]["url"]
            assert passage_of(url, "https://bot.example") == "marrakech-2025#3"
            assert len({result["id"] for result in given["results"]}) == 2
            chat.api.push(typed("off the subject"))
            chat.api.push(typed("a"))
            await chat.api.until(lambda: len(chat.api.of("answerInlineQuery")) >= 2)
            await chat.settle()
            assert all(given["results"] == [] for given in chat.api.of("answerInlineQuery")[1:])

    play(scenario)


def test_while_someone_types_only_the_last_query_is_answered() -> None:
    asked = ScriptedAssistant(seconds=0.05)

    async def scenario() -> None:
        async with running(asked.as_assistant()) as chat:
            queries = [typed(text) for text in ("whe", "when w", "when was")]
            for query in queries:
                chat.api.push(query)
            await chat.settle(0.5)
            given = [told["inline_query_id"] for told in chat.api.of("answerInlineQuery")]
            assert given == [queries[-1]["inline_query"]["id"]]

    play(scenario)


def test_a_typing_indicator_only_when_it_takes_a_while() -> None:
    async def scenario() -> None:
        slow = ScriptedAssistant()
        slow.open.clear()
        async with running(slow.as_assistant()) as chat:
            chat.api.push(said("/ask slow?", chat=group()))
            await chat.api.until(lambda: bool(chat.api.of("sendChatAction")))
            assert chat.api.of("sendChatAction")[0]["action"] == "typing"
            slow.open.set()
            await chat.api.until(lambda: bool(chat.api.sent()))
        async with running(ScriptedAssistant().as_assistant()) as chat:
            await chat.tell(said("quick?"))
            assert not chat.api.of("sendChatAction", "sendMessageDraft")

    play(scenario)


def test_questions_that_cannot_be_answered_as_sent() -> None:
    async def scenario() -> None:
        async with running(ScriptedAssistant().as_assistant()) as chat:
            assert "2000" in strip_bidi((await chat.tell(said("why " * 900)))["text"]).replace(",", "")
            assert (await chat.tell(said("؟؟؟ 👀")))["text"] == say("en", "question-empty")
            assert (await chat.tell(said("break it")))["text"] == say("en", "failed")

    play(scenario)


def test_a_greeting_names_the_first_of_many_documents() -> None:
    scripted = ScriptedAssistant()
    (document,) = scripted.index.documents.values()
    scripted.index = index_of(*copies(document, 30))

    async def scenario() -> None:
        async with running(scripted.as_assistant()) as chat:
            told = await chat.tell(said("hello"))
            assert told["text"].count("INTERPOL General Assembly") == 5
            assert " · …" in told["text"]

    play(scenario)
