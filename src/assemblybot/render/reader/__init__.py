"""The reader's pages: documents with their passages, and answers, as HTML without scripts."""

from assemblybot.render.reader.display import Display
from assemblybot.render.reader.pages import ASSETS, answer_page, document_page, documents_page, notice_page
from assemblybot.render.reader.thread import Thread, thread_context

__all__ = [
    "ASSETS",
    "Display",
    "Thread",
    "answer_page",
    "document_page",
    "documents_page",
    "notice_page",
    "thread_context",
]
