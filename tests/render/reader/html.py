"""Pages parsed as a browser parses them."""

from __future__ import annotations

from typing import Any

import html5lib


def parsed(page: str) -> Any:
    """The root element of a page, as lxml holds it; tags without namespace."""
    return html5lib.parse(page, treebuilder="lxml", namespaceHTMLElements=False).getroot()


def text_of(element: Any) -> str:
    """All text inside an element, to the character."""
    return "".join(element.itertext())


def by_id(root: Any, name: str) -> Any:
    """The one element with that id."""
    (found,) = root.xpath("//*[@id=$name]", name=name)
    return found


def hidden(form: Any) -> dict[str, str]:
    """What a form sends besides its buttons and its box."""
    return {field.get("name"): field.get("value") for field in form.xpath(".//input[@type='hidden']")}
