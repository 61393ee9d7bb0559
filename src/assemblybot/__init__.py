"""Answers questions from a small library of documents, only with cited passages."""

from assemblybot.answering.answer import Answer, Citation, Context, Quote, Remark, Translation, Verdict
from assemblybot.answering.assistant import Assistant
from assemblybot.errors import AssemblybotError

__version__ = "0.1.0"

__all__ = [
    "Answer",
    "AssemblybotError",
    "Assistant",
    "Citation",
    "Context",
    "Quote",
    "Remark",
    "Translation",
    "Verdict",
    "__version__",
]
