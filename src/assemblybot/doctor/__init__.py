"""Whether an installation is fit: `assemblybot doctor`, one line a check, with what to do.

Checks that need a platform or Redis are skipped, and say so, where it is not configured or
cannot be reached. Nothing is changed, and no question or token is shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from assemblybot.doctor import platforms
from assemblybot.doctor.finding import Finding, examine
from assemblybot.doctor.installation import Installation
from assemblybot.settings import Settings

__all__ = ["Finding", "findings"]


def findings(settings: Settings) -> Iterator[Finding]:
    """The findings, each as soon as it is known; what others depend on comes first."""
    return map(examine, chain(Installation(settings).checks(), platforms.checks(settings)))
