"""What a platform's data must look like before anything here relies on it."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, ValidationError


class Schema(BaseModel):
    """Fields that are read, each of exactly its type; whatever else is there is left alone."""

    model_config = ConfigDict(strict=True, extra="ignore")


def fits(schema: type[Schema], value: object) -> bool:
    """Whether `value`, as read from JSON, fits it."""
    try:
        schema.model_validate(value)
    except ValidationError:
        return False
    return True
