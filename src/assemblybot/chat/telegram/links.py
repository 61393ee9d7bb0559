"""Which addresses Telegram takes for buttons."""

from __future__ import annotations

from urllib.parse import urlsplit


def takes_buttons_to(url: str) -> bool:
    """Whether Telegram takes a button to `url`: its host has a dot, or is an address of IPv6.

    It refuses the whole message otherwise: `localhost`, the name of a container, of an intranet.
    """
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    return "." in host.strip(".") or ":" in host


def link_problem(public_url: str | None) -> str | None:
    """What an operator should know of `PUBLIC_URL`; `None` when buttons lead to it, or none should."""
    if not public_url or takes_buttons_to(public_url):
        return None
    return (
        "Telegram takes no buttons to PUBLIC_URL, as its host has no dot; answers come without a link to "
        "the reader. Give the service a domain, or put the machine's IP address into PUBLIC_URL."
    )
