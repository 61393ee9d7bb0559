"""Webhook bodies that no platform sends: real ones, changed in a few places or torn in their bytes."""

from __future__ import annotations

import hashlib
import hmac
import json
import random
import time
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from tests.doubles import slack_payloads as slack
from tests.doubles import telegram_updates as telegram

_Choice = TypeVar("_Choice")
_ODD: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    2**63,
    10**40,
    1e308,
    float("nan"),
    float("inf"),
    "",
    " ",
    "\x00",
    "\ud800",
    "‮‏⁧",
    "م" * 5000,
    "When did the assembly meet?",
    "/ask متى؟",
    "/lang xx",
    "next:0:0",
    "T" * 70,
    [],
    [None],
    {},
    {"id": None},
)


@dataclass(frozen=True, slots=True)
class Request:
    """What is posted where, and whether it carries the right secret or signature."""

    path: str
    body: bytes
    headers: dict[str, str]
    genuine: bool


class Fuzzer:
    """Requests without end; the same `seed` gives the same ones, but for their times."""

    def __init__(self, seed: int, telegram_secret: str, response_url: str) -> None:
        self._random = random.Random(seed)
        self._secret = telegram_secret
        self._response_url = response_url
        self._update = 10_000

    def request(self) -> Request:
        """The next one: half Telegram, half Slack, one of ten from a stranger."""
        genuine = self._random.random() > 0.1
        return self._telegram(genuine) if self._random.random() < 0.5 else self._slack(genuine)

    def _telegram(self, genuine: bool) -> Request:
        self._update += 1
        update = self._somewhere({"update_id": self._update, **self._choose(telegram_updates())})
        headers = {"X-Telegram-Bot-Api-Secret-Token": self._secret if genuine else self._stranger()}
        return Request("/telegram/webhook", self._torn(_json(self._changed(update))), headers, genuine)

    def _somewhere(self, update: dict[str, Any]) -> dict[str, Any]:
        """The update, from one of many groups: Telegram takes twenty messages a minute for each."""
        here, there = telegram.GROUP, telegram.GROUP - self._random.randrange(10_000)
        moved: dict[str, Any] = json.loads(json.dumps(update).replace(str(here), str(there)))
        return moved

    def _slack(self, genuine: bool) -> Request:
        body, form = self._choose(slack_bodies(self._response_url))
        changed = self._changed(body)
        kind = "application/json"
        if form or "actions" in body or body.get("type") == "message_action":
            fields = changed if form and isinstance(changed, dict) else {"payload": _json(changed).decode()}
            raw = urlencode({key: str(value) for key, value in fields.items()}, errors="replace").encode()
            kind = "application/x-www-form-urlencoded"
        else:
            raw = _json(changed)
        raw = self._torn(raw)
        stamp = str(int(time.time()))
        signed = hmac.new(slack.SECRET.encode(), b"v0:" + stamp.encode() + b":" + raw, hashlib.sha256)
        headers = {
            "Content-Type": self._choose([kind] * 9 + ["text/plain"]),
            "X-Slack-Request-Timestamp": stamp if genuine else self._choose(["", "x", "1", "9" * 30, stamp]),
            "X-Slack-Signature": f"v0={signed.hexdigest()}" if genuine else self._stranger(),
        }
        if self._random.random() < 0.1:
            headers["X-Slack-Retry-Num"] = self._choose(["1", "2", "x", ""])
        return Request("/slack/events", raw, headers, genuine)

    def _changed(self, value: Any) -> Any:
        """`value` with up to four places made odd, gone, wrapped or doubled."""
        root = {"": deepcopy(value)}
        for _ in range(self._random.randrange(5)):
            holder, key = self._choose(_places(root))
            act = self._random.randrange(5)
            if act == 0 and holder is not root:
                del holder[key]
            elif act == 1:
                holder[key] = [holder[key]] if self._random.random() < 0.5 else {"x": holder[key]}
            elif act == 2 and self._random.random() < 0.02:
                holder[key] = _deep(holder[key])
            else:
                holder[key] = deepcopy(self._choose(_ODD))
        return root[""]

    def _torn(self, raw: bytes) -> bytes:
        """`raw`, one of ten times cut short, with bytes turned over or put in."""
        if self._random.random() > 0.1:
            return raw
        data = bytearray(raw)
        for _ in range(self._random.randrange(1, 6)):
            at = self._random.randrange(len(data) + 1)
            act = self._random.randrange(3)
            if act == 0:
                del data[at:]
            elif act == 1 and at < len(data):
                data[at] ^= 1 << self._random.randrange(8)
            else:
                data[at:at] = self._random.randbytes(3)
        return bytes(data)

    def _stranger(self) -> str:
        return self._choose(["", "v0=", "v0=00", "é" * 3, self._secret[:-1], self._secret + "0"])

    def _choose(self, choices: Sequence[_Choice]) -> _Choice:
        return choices[self._random.randrange(len(choices))]


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


def _deep(value: Any) -> Any:
    for _ in range(200):
        value = [value]
    return value


def _places(root: Any) -> list[tuple[Any, Any]]:
    """Every place that can be changed, as what holds it and the key there."""
    found: list[tuple[Any, Any]] = []
    waiting = [root]
    while waiting:
        holder = waiting.pop()
        for key in holder if isinstance(holder, dict) else range(len(holder)):
            found.append((holder, key))
            if isinstance(holder[key], dict | list) and holder[key]:
                waiting.append(holder[key])
    return found


def telegram_updates() -> list[telegram.Json]:
    """One of each kind, without numbers."""
    answer = telegram.message("متى؟") | {"from": telegram.BOT}
    return [
        telegram.said("When did the assembly meet?"),
        telegram.said("/start"),
        telegram.said("/ask من كتب المقال؟", chat=telegram.group()),
        telegram.said("/lang fr"),
        telegram.said("/forget"),
        telegram.said(None, photo=[]),
        telegram.sent_file("a.pdf", size=1000),
        telegram.said("what?", reply_to_message=answer),
        telegram.edited(telegram.message("When?"), "Where?"),
        telegram.pressed(answer, "next:0:0"),
        telegram.typed("Qui préside ?"),
        telegram.reacted(telegram.private(), 5, "👍"),
        telegram.blocked(),
    ]


def slack_bodies(url: str) -> list[tuple[dict[str, Any], bool]]:
    """One of each kind, and whether it travels as a form."""
    action = {"type": "button", "action_id": "next", "value": "x"}
    events: list[Callable[[], dict[str, Any]]] = [
        lambda: slack.message("When did the assembly meet?"),
        lambda: slack.in_channel("hello"),
        lambda: slack.message("", files=[{"id": "F0FILE", "name": "a.pdf"}]),
        lambda: slack.mention("من كتب المقال؟"),
        lambda: {"type": "app_home_opened", "user": "U0ASKER", "channel": "D0DIRECT", "tab": "home"},
        lambda: {"type": "app_uninstalled"},
        lambda: {"type": "tokens_revoked", "tokens": {"bot": ["U0BOT"]}},
        lambda: {"type": "link_shared", "channel": "C0ROOM", "message_ts": "1.0", "links": [{"url": url}]},
    ]
    return [
        *((slack.event_body(make()), False) for make in events),
        ({"type": "url_verification", "challenge": "c", "token": "t"}, False),
        (dict(slack.command("When?", url)), True),
        (dict(slack.command("lang fr", url)), True),
        (slack.click(action, url), False),
        (slack.shortcut("When?", url), False),
    ]
