"""What is remembered between two messages: one protocol, and a backend for each way to run.

Everything is kept under pseudonyms (`identity`), expires by itself, and goes when asked to.
"""

from assemblybot.session.base import ConversationKey, Feedback, SessionStore, UserKey
from assemblybot.session.identity import Pseudonyms
from assemblybot.session.opening import open_inbox, open_question_log, open_store
from assemblybot.session.sqlite import SqliteStore
from assemblybot.session.sqlite_inbox import SqliteInbox

__all__ = [
    "ConversationKey",
    "Feedback",
    "Pseudonyms",
    "SessionStore",
    "SqliteInbox",
    "SqliteStore",
    "UserKey",
    "open_inbox",
    "open_question_log",
    "open_store",
]
