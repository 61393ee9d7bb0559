"""The Slack bot, and its two transports: Socket Mode for one workspace, HTTP for many."""

from assemblybot.chat.slack.app import INSTALLATIONS_FILE, Installations, SlackBot
from assemblybot.chat.slack.conversation import SlackConversation
from assemblybot.chat.slack.payloads import Incoming
from assemblybot.chat.slack.transports import SlackHttp, SlackSocket

__all__ = [
    "INSTALLATIONS_FILE",
    "Incoming",
    "Installations",
    "SlackBot",
    "SlackConversation",
    "SlackHttp",
    "SlackSocket",
]
