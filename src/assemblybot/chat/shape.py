"""What a platform's data must look like before anything here relies on it."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, ValidationError


class Shape(BaseModel):
    """Fields that are read, each of exactly its type; whatever else is there is left alone."""

    model_config = ConfigDict(strict=True, extra="ignore")


def fits(shape: type[Shape], value: object) -> bool:
    """Whether `value`, as read from JSON, has that shape."""
    try:
        shape.model_validate(value)
    except ValidationError:
        return False
    return True
