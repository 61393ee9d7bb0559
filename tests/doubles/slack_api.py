"""A double of Slack: the Web API, response URLs, OAuth, and Socket Mode.

Slack takes arguments as query, form or JSON, and a form field may hold JSON; so does this.
Everything that is posted is checked against Slack's types on the way in.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web
from aiohttp.test_utils import TestServer

from tests.doubles.slack_schema import check, check_message

BOT_USER, BOT_ID, TEAM = "U0BOT", "B0BOT", "T0TEAM"


@dataclass
class Call:
    """One call of a method, with its arguments merged."""

    method: str
    args: dict[str, Any]
    token: str
    at: float = field(default_factory=time.monotonic)


class SlackDouble:
    """Use as `async with SlackDouble() as slack`; a benchmark leaves out the checks."""

    def __init__(self, *, checks: bool = True) -> None:
        self._checks = checks
        self.calls: list[Call] = []
        self.responses: list[tuple[str, dict[str, Any]]] = []
        self.problems: list[str] = []
        self.acks: dict[str, float] = {}
        self.ack_payloads: dict[str, Any] = {}
        self.sockets: list[web.WebSocketResponse] = []
        self.silent = False
        self.teams = {"xoxb-one": TEAM}
        #: what people have uploaded, by the id of the file: its name and its bytes
        self.files: dict[str, tuple[str, bytes]] = {}
        self._faults: dict[str, list[tuple[int, dict[str, str], dict[str, Any]]]] = defaultdict(list)
        self._count = 0
        app = web.Application()
        app.router.add_route("*", "/api/{method}", self._call)
        app.router.add_post("/response/{id}", self._respond)
        app.router.add_get("/files-pri/{id}", self._give_file)
        app.router.add_get("/link", self._link)
        self._server = TestServer(app)

    async def __aenter__(self) -> SlackDouble:
        await self._server.start_server()
        return self

    async def __aexit__(self, *_: object) -> None:
        for socket in self.sockets:
            await socket.close()
        await self._server.close()
        assert not self.problems, self.problems

    @property
    def api_url(self) -> str:
        return str(self._server.make_url("/api/"))

    def response_url(self, name: str = "r1") -> str:
        return str(self._server.make_url(f"/response/{name}"))

    def fail(
        self, method: str, status: int, body: dict[str, Any], headers: dict[str, str] | None = None
    ) -> None:
        """Answer the next call of `method`, or of a `response_url`, with this; several queue.

        Status 0 breaks the connection.
        """
        self._faults[method].append((status, headers or {}, body))

    def of(self, method: str) -> list[dict[str, Any]]:
        """Arguments of the calls of one method."""
        return [call.args for call in self.calls if call.method == method]

    async def until(self, condition: Any, seconds: float = 60.0) -> None:
        """Wait until `condition()` holds."""
        async with asyncio.timeout(seconds):
            while not condition():  # noqa: ASYNC110 - any condition, no event to wait for
                await asyncio.sleep(0.005)

    async def _call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        args = await _merged(request)
        token = str(args.pop("token", "") or request.headers.get("Authorization", "").removeprefix("Bearer "))
        self.calls.append(Call(method, args, token))
        if self._faults[method]:
            status, headers, body = self._faults[method].pop(0)
            if not status and request.transport:
                request.transport.abort()
            return web.json_response(body, status=status, headers=headers)
        if self._checks:
            self._check(method, args)
        return web.json_response({"ok": True, **self._answer(method, args, token)})

    def _check(self, method: str, args: dict[str, Any]) -> None:
        try:
            if method in ("chat.postMessage", "chat.postEphemeral"):
                check_message(args)
            elif method == "views.publish":
                check("Home", args["view"])
                assert len(args["view"]["blocks"]) <= 100
            elif method == "chat.unfurl":
                for unfurl in args["unfurls"].values():
                    check_message({"text": "-", **unfurl})
            elif method == "assistant.threads.setSuggestedPrompts":
                assert 1 <= len(args["prompts"]) <= 4
        except (AssertionError, KeyError) as error:
            self.problems.append(f"{method}: {error}")

    def _answer(self, method: str, args: dict[str, Any], token: str) -> dict[str, Any]:
        self._count += 1
        if method == "auth.test":
            team = self.teams.get(token)
            if team is None:
                return {"ok": False, "error": "invalid_auth"}
            return {"team_id": team, "user_id": BOT_USER, "bot_id": BOT_ID, "url": "https://x.slack.com/"}
        if method == "apps.connections.open":
            if not token.startswith("xapp-"):
                return {"ok": False, "error": "invalid_auth"}
            return {"url": str(self._server.make_url("/link")).replace("http", "ws", 1)}
        if method == "files.info":
            return self._about_file(str(args["file"]))
        if method == "oauth.v2.access":
            return self._granted(args)
        return {"ts": f"1700000000.{self._count:06d}", "channel": args.get("channel", "")}

    def _about_file(self, name: str) -> dict[str, Any]:
        if name not in self.files:
            return {"ok": False, "error": "file_not_found"}
        url = str(self._server.make_url(f"/files-pri/{name}"))
        file, data = self.files[name]
        return {"file": {"id": name, "name": file, "size": len(data), "url_private_download": url}}

    async def _give_file(self, request: web.Request) -> web.Response:
        """As Slack does: whoever has no right to it is led to a page where one logs in."""
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in self.teams:
            raise web.HTTPFound("https://x.slack.com/?redir=files")
        return web.Response(body=self.files[request.match_info["id"]][1])

    def _granted(self, args: dict[str, Any]) -> dict[str, Any]:
        if not str(args.get("code", "")).startswith("code-"):
            return {"ok": False, "error": "invalid_code"}
        team = str(args["code"]).removeprefix("code-")
        self.teams[f"xoxb-{team}"] = team
        return {
            "app_id": "A0APP",
            "access_token": f"xoxb-{team}",
            "token_type": "bot",
            "scope": "chat:write",
            "bot_user_id": BOT_USER,
            "team": {"id": team, "name": team},
            "enterprise": None,
            "authed_user": {"id": "U0INSTALLER"},
        }

    async def _respond(self, request: web.Request) -> web.Response:
        body = await request.json()
        if self._faults["response_url"]:
            status, headers, fault = self._faults["response_url"].pop(0)
            return web.json_response(fault, status=status, headers=headers)
        try:
            check_message(body)
        except (AssertionError, KeyError) as error:
            self.problems.append(f"response_url: {error}")
        self.responses.append((request.match_info["id"], body))
        return web.Response(text="ok")

    async def _link(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        self.sockets.append(socket)
        await socket.send_json({"type": "hello", "num_connections": len(self.sockets)})
        async for message in socket:
            if message.type is WSMsgType.PING and not self.silent:
                await socket.pong(message.data)
            elif message.type is WSMsgType.TEXT:
                answer = json.loads(message.data)
                self.acks.setdefault(answer["envelope_id"], time.monotonic())
                self.ack_payloads[answer["envelope_id"]] = answer.get("payload")
        return socket

    async def send(
        self, kind: str, payload: dict[str, Any], envelope: str, *, to: int = -1, retry: int = 0
    ) -> None:
        """Send an envelope over one of the sockets, the newest by default."""
        await self.sockets[to].send_json(
            {
                "type": kind,
                "envelope_id": envelope,
                "payload": payload,
                "accepts_response_payload": kind != "events_api",
                **({"retry_attempt": retry, "retry_reason": "timeout"} if retry else {}),
            }
        )


async def _merged(request: web.Request) -> dict[str, Any]:
    args: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        args.update(json.loads(await request.text() or "{}"))
    elif request.can_read_body:
        args.update(await request.post())
    return {key: _value(value) for key, value in args.items()}


def _value(value: Any) -> Any:
    """Slack reads JSON in form fields."""
    if isinstance(value, str) and value[:1] in ("[", "{"):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
