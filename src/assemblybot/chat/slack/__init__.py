"""Slack, in and out: Socket Mode for one workspace, HTTP for many. No retrieval, no wording."""

from assemblybot.chat.slack.http import SlackHttp, build_http_routes
from assemblybot.chat.slack.manifest import manifest, manifest_yaml
from assemblybot.chat.slack.socket_mode import SlackSocket, run_socket_mode, socket_mode

__all__ = [
    "SlackHttp",
    "SlackSocket",
    "build_http_routes",
    "manifest",
    "manifest_yaml",
    "run_socket_mode",
    "socket_mode",
]
