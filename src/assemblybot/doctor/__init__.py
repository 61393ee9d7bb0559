"""Whether an installation is fit: `assemblybot doctor`, one line a check, with what to do.

Checks that need a platform or Redis are skipped, and say so, where it is not configured or
cannot be reached. Nothing is changed, and no question or token is shown.
"""

from __future__ import annotations

from collections.abc import Iterator

from assemblybot.doctor import installation, platforms, redis
from assemblybot.doctor.finding import Finding, examine
from assemblybot.settings import Settings

__all__ = ["Finding", "findings"]


def findings(settings: Settings) -> Iterator[Finding]:
    """The findings, each as soon as it is known; what others depend on comes first."""
    for part in (installation, redis, platforms):
        for check in part.checks(settings):
            yield examine(check)
