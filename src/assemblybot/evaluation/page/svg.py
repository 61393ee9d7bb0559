"""Elements of a plot: numbers in, SVG elements out. Colours come from the page's style sheet."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

from markupsafe import Markup

LEFT, RIGHT, TOP, BOTTOM = 46, 22, 12, 40


@dataclass(frozen=True, slots=True)
class Axis:
    """Values between `low` and `high` on pixels from `start` to `end`; values outside are moved in.

    `warp` makes the scale: identity, logarithm, logit.
    """

    low: float
    high: float
    start: float
    end: float
    warp: Callable[[float], float] = float

    def __call__(self, value: float) -> float:
        """The pixel of a value."""
        inside = min(max(value, self.low), self.high)
        low, high = self.warp(self.low), self.warp(self.high)
        return self.start + (self.warp(inside) - low) / (high - low) * (self.end - self.start)


def logit(probability: float) -> float:
    """Natural logarithm of the odds."""
    return math.log(probability / (1 - probability))


def chart(label: str, width: int, height: int) -> Element:
    """An empty picture; `label` says in words what it shows."""
    return Element("svg", {"viewBox": f"0 0 {width} {height}", "role": "img", "aria-label": label})


def markup(root: Element) -> Markup:
    """The picture as markup; text in it was escaped by the serialiser."""
    return Markup(tostring(root, encoding="unicode"))  # noqa: S704


def add(parent: Element, tag: str, kind: str, **attributes: float | str) -> Element:
    """A child element of class `kind`; an underscore in a name stands for a hyphen."""
    plain = {name.replace("_", "-"): _number(value) for name, value in attributes.items()}
    return SubElement(parent, tag, {"class": kind, **plain})


def text(parent: Element, x: float, y: float, content: str, kind: str = "label") -> None:
    """A line of text at its baseline."""
    add(parent, "text", kind, x=x, y=y).text = content


def line(parent: Element, kind: str, start: tuple[float, float], end: tuple[float, float]) -> None:
    """A straight line."""
    add(parent, "line", kind, x1=start[0], y1=start[1], x2=end[0], y2=end[1])


def path(parent: Element, kind: str, points: Iterable[tuple[float, float]], *, closed: bool = False) -> None:
    """A line through points, or the area within them."""
    drawn = "L".join(f"{_number(x)} {_number(y)}" for x, y in points)
    add(parent, "path", kind, d=f"M{drawn}{'Z' if closed else ''}")


def bottom_axis(root: Element, axis: Axis, y: float, ticks: Sequence[tuple[float, str]], title: str) -> None:
    """Ticks with labels under the plot, and what the axis counts."""
    line(root, "axis", (axis.start, y), (axis.end, y))
    for value, label in ticks:
        line(root, "axis", (axis(value), y), (axis(value), y + 4))
        text(root, axis(value), y + 16, label, "tick middle")
    text(root, (axis.start + axis.end) / 2, y + 33, title, "label middle")


def left_axis(root: Element, axis: Axis, across: Axis, ticks: Sequence[tuple[float, str]]) -> None:
    """Grid lines with labels left of the plot."""
    for value, label in ticks:
        line(root, "grid", (across.start, axis(value)), (across.end, axis(value)))
        text(root, across.start - 6, axis(value) + 4, label, "tick end")


def _number(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")
