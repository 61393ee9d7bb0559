"""Answers questions from a small library of documents, only with cited passages."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assemblybot.answering.answer import Answer, Citation, Context, Quote, Remark, Translation, Verdict
    from assemblybot.answering.assistant import Assistant
    from assemblybot.errors import AssemblybotError

    __version__: str

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
_MODULES = {"Assistant": "answering.assistant", "AssemblybotError": "errors"}


def __getattr__(name: str) -> Any:
    """Load what is asked for: `assemblybot --help` needs none of it."""
    if name == "__version__":
        from importlib.metadata import version

        return version("assemblybot")
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES.get(name, 'answering.answer')}"), name)
