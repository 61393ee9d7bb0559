"""The Slack bot, and its two transports: Socket Mode for one workspace, HTTP for many."""

from assemblybot.chat.slack.bot import SlackBot
from assemblybot.chat.slack.conversation import SlackConversation
from assemblybot.chat.slack.http import SlackHttp
from assemblybot.chat.slack.incoming import Incoming
from assemblybot.chat.slack.installations import INSTALLATIONS_FILE, Installations
from assemblybot.chat.slack.manifest import manifest, manifest_yaml
from assemblybot.chat.slack.names import Names
from assemblybot.chat.slack.socket_mode import SlackSocket

__all__ = [
    "INSTALLATIONS_FILE",
    "Incoming",
    "Installations",
    "Names",
    "SlackBot",
    "SlackConversation",
    "SlackHttp",
    "SlackSocket",
    "manifest",
    "manifest_yaml",
]
