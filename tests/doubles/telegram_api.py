"""A double of the Bot API: what api.telegram.org does, as far as this bot can see it.

It keeps the rules that bots break: lengths and entities in UTF-16 units, quotes that must be
in the message replied to, one poller, floods, messages that are gone or not modified.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from aiohttp import web

from tests.doubles.telegram_schema import check_message, check_request, check_update
from tests.doubles.telegram_updates import BOT, BOT_ID, Json, member

TOKEN = f"{BOT_ID}:AAF-double_of_the_bot_api_0123456789a"
_MENU = {"setMyCommands", "setMyDescription", "setMyShortDescription", "deleteWebhook", "setWebhook"}


@dataclass
class Call:
    """One request as it arrived, and whether the double did what it asks."""

    method: str
    parameters: Json
    at: float
    done: bool = False


@dataclass
class Fault:
    """How a request goes wrong. `cut_after` does what is asked, then breaks the connection."""

    status: int = 500
    description: str = "Internal Server Error"
    parameters: Json | None = None
    delay: float = 0.0
    cut: Literal["", "before", "after"] = ""
    body: str | None = None
    matches: Callable[[Json], bool] = lambda parameters: True


@dataclass
class Refusal(Exception):
    """A request that Telegram would refuse."""

    status: int
    description: str
    parameters: Json | None = None


@dataclass
class TelegramApi:
    """Use as `async with TelegramApi() as api`."""

    flood_control: bool = False
    latency: float = 0.0
    #: raised by validation of requests; a test asserts that it stays empty
    wrong: list[str] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    messages: dict[tuple[int, int], Json] = field(default_factory=dict)
    known_messages: dict[tuple[int, int], Json] = field(default_factory=dict)
    updates: dict[int, Json] = field(default_factory=dict)
    blocked: set[int] = field(default_factory=set)
    #: topics that were deleted
    gone: set[int] = field(default_factory=set)
    migrated: dict[int, int] = field(default_factory=dict)
    #: what users have uploaded, by the id of the file
    files: dict[str, bytes] = field(default_factory=dict)
    validate: bool = True

    async def __aenter__(self) -> Self:
        self._faults: dict[str, deque[Fault]] = {}
        #: Of every group.
        self.administrators: set[int] = set()
        self._ids = itertools.count(1)
        self._numbers = itertools.count(500)
        self._arrived = asyncio.Event()
        self._polling = 0
        self._sent: deque[float] = deque()
        self._sent_to: dict[int, deque[float]] = {}
        app = web.Application(client_max_size=2**22)
        app.router.add_route("*", "/bot{token}/{method}", self._handle)
        app.router.add_get("/file/bot{token}/documents/{id}", self._give_file)
        self._runner = web.AppRunner(app, handler_cancellation=True, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.base_url = f"http://127.0.0.1:{port}/bot"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    def push(self, update: Json, *, number: int | None = None) -> int:
        """Queue an update; the same `number` again is a duplicate."""
        number = number if number is not None else self.next_number()
        whole = {"update_id": number, **update}
        if self.validate:
            check_update(whole)
        for kind in ("message", "edited_message"):
            if kind in update:
                told = update[kind]
                self.known_messages[told["chat"]["id"], told["message_id"]] = told
        self.push_raw(number, whole)
        return number

    def next_number(self) -> int:
        """The next update number; they only grow, as a higher one confirms all before it."""
        return next(self._numbers)

    def push_raw(self, number: int, item: Any) -> None:
        """Queue anything at all under an update number."""
        self.updates[number] = item
        self._arrived.set()

    def fail(self, method: str, *faults: Fault) -> None:
        """Let the next requests of `method` go wrong, one fault each."""
        self._faults.setdefault(method, deque()).extend(faults)

    def of(self, *methods: str) -> list[Json]:
        """Parameters of the requests of these methods that were done."""
        return [call.parameters for call in self.calls if call.method in methods and call.done]

    def sent(self, chat: int | None = None) -> list[Json]:
        """Messages that were sent, first one first."""
        return [told for told in self.of("sendMessage") if chat in (None, told["chat_id"])]

    def last_message(self, chat: int) -> Json:
        """The latest message of the bot in a chat, as it stands now."""
        return next(told for key, told in reversed(self.messages.items()) if key[0] == chat)

    def delete(self, chat: int, message_id: int) -> None:
        """A user deletes a message of the bot."""
        del self.messages[chat, message_id]

    async def until(self, true: Callable[[], bool], seconds: float = 60.0) -> None:
        """Wait until something has happened. Raises AssertionError when it does not."""
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, f"did not happen; calls: {[c.method for c in self.calls[-40:]]}"
            await asyncio.sleep(0.005)

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if request.match_info["token"] != TOKEN:
            return _failure(401, "Unauthorized")
        parameters = await _parameters(request)
        call = Call(method, parameters, time.monotonic())
        self.calls.append(call)
        if self.validate:
            try:
                check_request(method, parameters)
            except Exception as error:
                self.wrong.append(f"{method}: {error}")
        fault = self._fault(method, parameters)
        if fault:
            await asyncio.sleep(fault.delay)
            if fault.cut == "before":
                return _cut(request)
            if fault.body is not None:
                return web.Response(status=fault.status, text=fault.body)
            if not fault.cut and fault.status != 200:
                return _failure(fault.status, fault.description, fault.parameters)
        if self.latency:
            await asyncio.sleep(self.latency)
        try:
            result = await self._do(method, parameters)
        except Refusal as refusal:
            return _failure(refusal.status, refusal.description, refusal.parameters)
        call.done = True
        return _cut(request) if fault and fault.cut else web.json_response({"ok": True, "result": result})

    def _fault(self, method: str, parameters: Json) -> Fault | None:
        waiting = self._faults.get(method)
        if waiting and waiting[0].matches(parameters):
            return waiting.popleft()
        return None

    async def _do(self, method: str, parameters: Json) -> Any:
        doers: dict[str, Callable[[Json], Awaitable[Any]]] = {
            "getUpdates": self._get_updates,
            "sendMessage": self._send_message,
            "editMessageText": self._edit_message,
            "editMessageReplyMarkup": self._edit_buttons,
            "answerGuestQuery": self._answer_guest,
            "getFile": self._get_file,
        }
        if doer := doers.get(method):
            return await doer(parameters)
        if method == "getChatMember":
            status = "administrator" if parameters["user_id"] in self.administrators else "member"
            return member(parameters["user_id"], status)
        if method == "getMe":
            return BOT | {
                "can_join_groups": True,
                "can_read_all_group_messages": False,
                "supports_inline_queries": True,
            }
        if method in _MENU | {
            "answerCallbackQuery",
            "answerInlineQuery",
            "sendChatAction",
            "sendMessageDraft",
        }:
            if method == "answerInlineQuery":
                for result in parameters["results"]:
                    content = result["input_message_content"]
                    _check_text(content["message_text"], content.get("entities", []))
            return True
        raise Refusal(404, "Not Found")

    async def _get_updates(self, parameters: Json) -> list[Any]:
        if self._polling:
            raise Refusal(409, "Conflict: terminated by other getUpdates request")
        self._polling += 1
        try:
            for number in [n for n in self.updates if n < parameters.get("offset", 0)]:
                del self.updates[number]
            end = time.monotonic() + parameters.get("timeout", 0)
            while not self.updates and time.monotonic() < end:
                self._arrived.clear()
                try:
                    await asyncio.wait_for(self._arrived.wait(), end - time.monotonic())
                except TimeoutError:
                    break
            return [self.updates[n] for n in sorted(self.updates)][: parameters.get("limit", 100)]
        finally:
            self._polling -= 1

    async def _send_message(self, parameters: Json) -> Json:
        chat = parameters["chat_id"]
        if chat in self.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        if new := self.migrated.get(chat):
            description = "Bad Request: group chat was upgraded to a supergroup chat"
            raise Refusal(400, description, {"migrate_to_chat_id": new})
        if parameters.get("message_thread_id") in self.gone:
            raise Refusal(400, "Bad Request: message thread not found")
        self._flood(chat)
        _check_buttons(parameters)
        _check_text(parameters["text"], parameters.get("entities", []))
        replied = self._replied(chat, parameters.get("reply_parameters"))
        return self._keep(chat, next(self._ids), parameters, replied)

    async def _answer_guest(self, parameters: Json) -> Json:
        content = parameters["result"]["input_message_content"]
        _check_buttons(parameters["result"])
        _check_text(content["message_text"], content.get("entities", []))
        return {"inline_message_id": "guest-1"}

    async def _get_file(self, parameters: Json) -> Json:
        data = self.files.get(parameters["file_id"])
        if data is None:
            raise Refusal(400, "Bad Request: invalid file_id")
        if len(data) > 20 * 2**20:
            raise Refusal(400, "Bad Request: file is too big")
        about = dict.fromkeys(("file_id", "file_unique_id"), parameters["file_id"])
        return about | {"file_size": len(data), "file_path": f"documents/{parameters['file_id']}"}

    async def _give_file(self, request: web.Request) -> web.Response:
        if request.match_info["token"] != TOKEN:
            return web.Response(status=401)
        return web.Response(body=self.files[request.match_info["id"]])

    async def _edit_message(self, parameters: Json) -> Json:
        key = parameters["chat_id"], parameters["message_id"]
        if key not in self.messages:
            raise Refusal(400, "Bad Request: message to edit not found")
        _check_buttons(parameters)
        _check_text(parameters["text"], parameters.get("entities", []))
        old = self.messages[key]
        if old["text"] == parameters["text"] and old.get("reply_markup") == parameters.get("reply_markup"):
            raise Refusal(400, "Bad Request: message is not modified: specified new content is the same")
        return self._keep(*key, parameters, None)

    async def _edit_buttons(self, parameters: Json) -> Json:
        old = self.messages.get((parameters["chat_id"], parameters["message_id"]), {})
        kept = {key: old[key] for key in ("text", "entities") if key in old}
        return await self._edit_message(kept | parameters)

    def _keep(self, chat: int, number: int, parameters: Json, replied: Json | None) -> Json:
        where = {"id": chat, "type": "private", "first_name": "P"}
        if chat < 0:
            where = {"id": chat, "type": "supergroup", "title": "Delegates"}
        told = {"message_id": number, "date": int(time.time()), "chat": where, "from": BOT}
        told |= {key: parameters[key] for key in ("text", "entities", "reply_markup") if key in parameters}
        if self.validate:
            check_message(told)
        self.messages.pop((chat, number), None)
        self.messages[chat, number] = told
        return told | ({"reply_to_message": replied} if replied else {})

    def _replied(self, chat: int, reply: Json | None) -> Json | None:
        if not reply:
            return None
        key = (reply.get("chat_id", chat), reply["message_id"])
        replied = self.messages.get(key) or self.known_messages.get(key)
        if replied is None and not reply.get("allow_sending_without_reply"):
            raise Refusal(400, "Bad Request: message to be replied not found")
        if replied and reply.get("quote") and reply["quote"] not in replied["text"]:
            raise Refusal(400, "Bad Request: QUOTE_TEXT_INVALID")
        return replied

    def _flood(self, chat: int) -> None:
        """30 messages a second over all chats, 20 a minute in a group; with some tolerance."""
        if not self.flood_control:
            return
        now = time.monotonic()
        for times, most, seconds in (
            (self._sent, 32, 1.0),
            (self._sent_to.setdefault(chat, deque()), 20 if chat < 0 else 10**6, 60.0),
        ):
            while times and times[0] < now - seconds:
                times.popleft()
            if len(times) >= most:
                raise Refusal(429, "Too Many Requests: retry after 1", {"retry_after": 1})
            times.append(now)


async def _parameters(request: web.Request) -> Json:
    """Query, form and JSON in one, with JSON inside of forms read."""
    values: Json = dict(request.query)
    values |= dict(await request.post())
    return {key: _read(key, value) for key, value in values.items()}


def _read(key: str, value: Any) -> Any:
    if key in (
        "text",
        "callback_query_id",
        "inline_query_id",
        "guest_query_id",
        "description",
        "short_description",
        "url",
    ):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _check_buttons(parameters: Json) -> None:
    """A button leads to a host with a dot, or to an address of IPv6."""
    for row in parameters.get("reply_markup", {}).get("inline_keyboard", []):
        for url in (button["url"] for button in row if "url" in button):
            host = urlsplit(url).hostname or ""
            if "." not in host and ":" not in host:
                reason = f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL"
                raise Refusal(400, f"Bad Request: {reason}")


def _check_text(text: str, entities: list[Json]) -> None:
    data = text.encode("utf-16-le")
    length = len(data) // 2
    if not text.strip():
        raise Refusal(400, "Bad Request: message text is empty")
    if length > 4096:
        raise Refusal(400, "Bad Request: message is too long")
    for entity in entities:
        start, end = entity["offset"], entity["offset"] + entity["length"]
        part = data[2 * start : 2 * end]
        if start < 0 or entity["length"] <= 0 or end > length:
            raise Refusal(400, "Bad Request: entity is out of the text")
        try:
            part.decode("utf-16-le")
        except UnicodeDecodeError:
            raise Refusal(400, "Bad Request: entity cuts a character") from None


def _failure(status: int, description: str, parameters: Json | None = None) -> web.Response:
    body = {"ok": False, "error_code": status, "description": description}
    return web.json_response(body | ({"parameters": parameters} if parameters else {}), status=status)


def _cut(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()
