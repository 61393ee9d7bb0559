"""Whether the tokens of a platform are set: known at once, before what takes a second to load."""

from __future__ import annotations

import os
from itertools import chain

from dotenv import dotenv_values

from assemblybot.errors import SettingsError


def require(*names: str) -> None:
    """Look into the environment and `.env`. Raises SettingsError for the first of `names` that is not set."""
    settings = chain(dotenv_values(".env").items(), os.environ.items())
    given = {name.upper() for name, value in settings if value}
    for name in names:
        if name not in given:
            raise missing(name)


def missing(name: str) -> SettingsError:
    """What is said of a token that is not set."""
    return SettingsError(f"{name} is not set. Put it into .env or the environment; see the README.")
