"""One running bot over HTTP, and the double of Slack it talks to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client import generate_latest

from assemblybot.answering.assistant import Assistant
from assemblybot.chat import slack as slack_chat
from assemblybot.chat.answer_queue import AnswerQueue
from assemblybot.chat.bindings import Bindings
from assemblybot.chat.channel import AllowList, Transport
from assemblybot.chat.documents import Documents
from assemblybot.chat.stored_conversation import Shared
from assemblybot.service.dispatcher import Dispatcher
from assemblybot.service.metrics import Metrics
from assemblybot.session import Pseudonyms, SessionStore, SqliteInbox, SqliteStore
from tests.chat.curated import without_curators
from tests.doubles.assistants import ScriptedAssistant
from tests.doubles.slack_api import SlackDouble
from tests.doubles.slack_payloads import SECRET, command, event_body, signed

NAMES = Pseudonyms(b"k" * 32)


@dataclass
class Bot:
    """What a test needs of the bot and its surroundings."""

    slack: SlackDouble
    dispatcher: Dispatcher
    conversation: slack_chat.SlackConversation
    client: TestClient[Any, Any]
    store: SqliteStore
    assistant: Any
    metrics: Metrics

    async def post(self, body: dict[str, Any], **how: Any) -> int:
        """Send one signed request; the status it was answered with."""
        raw, headers = signed(body, **how)
        async with self.client.post("/slack/events", data=raw.encode(), headers=headers) as answer:
            await answer.read()
            return answer.status

    async def tell(self, event: dict[str, Any], **fields: Any) -> int:
        """Send an event, and wait until its work is done."""
        status = await self.post(event_body(event, **fields))
        await self.dispatcher.drain(30)
        return status

    async def act(self, body: dict[str, Any], **how: Any) -> int:
        """Send a command, click or shortcut, and wait until its work is done."""
        status = await self.post(body, **how)
        await self.dispatcher.drain(30)
        return status

    async def figures(self) -> bytes:
        """What the service counted of questions, and the notes that the session store holds."""
        counted = [
            line
            for line in self.counted().splitlines()
            if line.startswith((b"assemblybot_questions_total", b"assemblybot_throttled"))
        ]
        notes = await self.store.database.rows("SELECT key, value FROM notes ORDER BY key")
        return b"\n".join(counted) + str(notes).encode()

    def counted(self) -> bytes:
        """What the service counted, as Prometheus reads it."""
        return generate_latest(self.metrics.registry)

    @property
    def posts(self) -> list[dict[str, Any]]:
        """Messages posted to channels."""
        return self.slack.of("chat.postMessage")

    @property
    def private(self) -> list[dict[str, Any]]:
        """Messages sent to response URLs."""
        return [body for _, body in self.slack.responses]


@dataclass
class Parts:
    """A bot and what is around it, before anything comes in."""

    bot: slack_chat.SlackBot
    incoming: slack_chat.Incoming
    dispatcher: Dispatcher
    store: SqliteStore
    conversation: slack_chat.SlackConversation
    metrics: Metrics


@asynccontextmanager
async def bot_parts(
    assistant: Any,
    api_url: str,
    *,
    bot_token: str | None = "xoxb-one",
    installations: slack_chat.Installations | None = None,
    limit: str = "100000 per minute",
    public_url: str | None = None,
    most_waiting: int = 2000,
    allowed: AllowList | None = None,
    state: Path | None = None,
    others: Sequence[str] = (),
    besides: Sequence[Assistant] = (),
    fixed: Mapping[str, str] | None = None,
    admins: frozenset[str] = frozenset(),
    documents: Callable[[SessionStore], Documents] = without_curators,
) -> AsyncIterator[Parts]:
    """A started bot with its inbox; everything in hand is dealt with at the end.

    Bots with the same folder `state` are replicas. `others` are further collections, `besides` the
    assistants of those that have an index.
    """
    store = await SqliteStore.open(state / "session" if state else ":memory:", limit=limit)
    inbox = await SqliteInbox.open(state / "inbox" if state else ":memory:")
    metrics = Metrics()
    answers = AnswerQueue(assistant, others=others, most_waiting=most_waiting, observer=metrics)
    for beside in besides:
        answers.replace(beside)
    bindings = Bindings(store, NAMES, answers.collections, fixed or {}, admins)
    shared = Shared(answers, store, NAMES, bindings, documents(store), public_url)
    conversation = slack_chat.SlackConversation(shared)
    dispatcher = Dispatcher(inbox, answers, metrics, NAMES.cipher)
    bot = slack_chat.SlackBot(
        conversation,
        bot_token=bot_token,
        installations=installations,
        api_url=api_url,
    )
    try:
        await bot.start()
        dispatcher.open(bot)
        incoming = slack_chat.Incoming(NAMES, dispatcher.enqueue, allowed=allowed, observer=metrics)
        yield Parts(bot, incoming, dispatcher, store, conversation, metrics)
    finally:
        await dispatcher.drain(5)
        await bot.close()
        answers.close()
        await inbox.close()
        await store.close()


@asynccontextmanager
async def served(transport: Transport) -> AsyncIterator[TestClient[Any, Any]]:
    """A client of the routes of one transport."""
    app = web.Application()
    app.add_routes(transport.routes)
    async with TestClient(TestServer(app), cookie_jar=aiohttp.DummyCookieJar()) as client:
        yield client


@asynccontextmanager
async def running_bot(assistant: Any = None, **options: Any) -> AsyncIterator[Bot]:
    """A bot for one workspace over HTTP, unless `options` say otherwise."""
    assistant = assistant or ScriptedAssistant()
    async with SlackDouble() as slack, bot_parts(assistant, slack.api_url, **options) as parts:
        http = slack_chat.SlackHttp(parts.bot, parts.incoming, signing_secret=SECRET)
        async with served(http) as client:
            yield Bot(
                slack, parts.dispatcher, parts.conversation, client, parts.store, assistant, parts.metrics
            )


async def ask(bot: Bot, text: str, **fields: Any) -> dict[str, Any]:
    """Send the command; the private reply."""
    await bot.act(command(text, bot.slack.response_url(), **fields), form=True)
    return bot.private[-1]


def buttons(message: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Buttons of a message by their action."""
    found = [b["elements"] for b in message["blocks"] if b["type"] == "actions"]
    accessories = [b["accessory"] for b in message["blocks"] if b.get("accessory")]
    return {button["action_id"]: button for group in found for button in group} | {
        button["action_id"]: button for button in accessories
    }
