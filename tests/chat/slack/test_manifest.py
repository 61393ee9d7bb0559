"""The manifest: the committed files, Slack's types, the limits its published schema states."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from assemblybot.chat.slack.app import build_app
from assemblybot.chat.slack.manifest import BOT_SCOPES, manifest, manifest_yaml
from assemblybot.errors import SettingsError
from tests.doubles.slack_schema import check

#: The address in the committed file.
PLACEHOLDER_URL = "https://assemblybot.example.org"
DEPLOY = Path(__file__).resolve().parents[3] / "deploy" / "slack"


@pytest.mark.parametrize(
    ("name", "url"), [("manifest.yaml", PLACEHOLDER_URL), ("manifest-socket.yaml", None)]
)
def test_the_committed_file_is_what_the_command_prints(name: str, url: str | None) -> None:
    assert (DEPLOY / name).read_text(encoding="utf-8") == manifest_yaml(url)


@pytest.mark.parametrize("url", [PLACEHOLDER_URL, None, "https://bot.example.org:8443/base/"])
def test_yaml_and_types(url: str | None) -> None:
    assert yaml.safe_load(manifest_yaml(url)) == manifest(url)
    typed = manifest(url)
    # Needed for the agent panel, and missing from the list of scopes in @slack/web-api 8.2.0.
    typed["oauth_config"]["scopes"]["bot"].remove("assistant:write")
    check("Manifest", typed)


@pytest.mark.parametrize("url", [PLACEHOLDER_URL, None])
def test_limits_of_the_published_schema(url: str | None) -> None:
    """Those of slackapi/manifest-schema and of the comments in Slack's types."""
    app = manifest(url)
    about, features = app["display_information"], app["features"]
    assert len(about["name"]) <= 35
    assert len(about["description"]) <= 140
    assert 175 <= len(about["long_description"]) <= 4000
    assert re.fullmatch("#[0-9a-f]{6}", about["background_color"])
    assert re.fullmatch(r"[a-z0-9._-]{1,80}", features["bot_user"]["display_name"])
    assert len(features["agent_view"]["agent_description"]) <= 300
    for shortcut in features["shortcuts"]:
        assert len(shortcut["name"]) <= 24
        assert len(shortcut["description"]) <= 150
    for command in features["slash_commands"]:
        assert len(command["command"]) <= 32
        assert ("url" in command) == (url is not None)
    for domain in features.get("unfurl_domains", []):
        assert re.fullmatch(r"(?![.\-])([-a-z0-9.])+([a-z0-9])", domain)
    assert "assistant_view" not in features


def test_it_promises_nothing_that_a_setting_changes() -> None:
    """Whether questions are logged is for QUESTION_LOG to say."""
    assert " log" not in manifest()["display_information"]["long_description"]


def test_every_scope_is_there_for_an_event_or_a_call() -> None:
    settings = manifest(PLACEHOLDER_URL)["settings"]
    events = settings["event_subscriptions"]["bot_events"]
    assert events == sorted(events)
    assert {"app_home_opened", "app_mention", "message.im", "link_shared"} <= set(events)
    needs = {
        "message.channels": "channels:history",
        "message.groups": "groups:history",
        "message.im": "im:history",
        "message.mpim": "mpim:history",
        "app_mention": "app_mentions:read",
        "link_shared": "links:read",
    }
    assert {needs[event] for event in events if event in needs} | {
        "assistant:write",
        "chat:write",
        "commands",
        "files:read",
        "links:write",
    } == set(BOT_SCOPES)


def test_socket_mode_has_no_address() -> None:
    socket = manifest()
    assert socket["settings"]["socket_mode_enabled"] is True
    assert "https" not in str(socket)
    assert "links:read" not in socket["oauth_config"]["scopes"]["bot"]


@pytest.mark.parametrize("url", ["http://example.org", "example.org", "https://"])
def test_an_address_slack_cannot_call_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="https"):
        manifest(url)


def test_the_app_hears_what_the_manifest_subscribes_to(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: set[Any] = set()

    class Recorder:
        installation_store = object()

        def __init__(self, **_: Any) -> None:
            pass

        def event(self, name: str) -> Any:
            heard.add(name)
            return lambda listener: listener

        command = shortcut = action = event
        error = use = staticmethod(lambda listener: listener)

        def enable_token_revocation_listeners(self) -> None:
            heard.update(("app_uninstalled", "tokens_revoked"))

    monkeypatch.setattr("assemblybot.chat.slack.app.AsyncApp", Recorder)
    nothing: Any = None
    build_app(nothing, nothing, nothing)
    app = manifest(PLACEHOLDER_URL)
    for event in app["settings"]["event_subscriptions"]["bot_events"]:
        assert event.split(".")[0] in heard
    assert app["features"]["slash_commands"][0]["command"] in heard
    assert app["features"]["shortcuts"][0]["callback_id"] in heard
