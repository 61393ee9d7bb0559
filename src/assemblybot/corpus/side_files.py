"""The TOML files beside a document, checked when they are read.

document.toml         title, language, file; optional author, source_url, note, and whatever else
translations/fr.toml  [passages] 12 = "…"
questions.toml        [passages.12] fr = ["…"]
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Annotated, Final, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from assemblybot.corpus.document import Metadata
from assemblybot.corpus.readers import name_of, read_bytes
from assemblybot.errors import CorpusError, DocumentReadError
from assemblybot.text.language import LANGUAGES

DESCRIPTION: Final = "document.toml"
TRANSLATIONS: Final = "translations"
QUESTIONS: Final = "questions.toml"
_LARGEST: Final = 32 * 2**20
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def _unknown_language(name: str) -> str:
    return f"language “{name}” is not one of {', '.join(LANGUAGES)}"


def _language(value: str) -> str:
    if value not in LANGUAGES:
        raise ValueError(_unknown_language(value))
    return value


def _file_name(value: str) -> str:
    if _CONTROL.search(value) or value in ("", ".", "..") or Path(value).name != value or "\\" in value:
        raise ValueError(f"file “{_CONTROL.sub('?', value)}” is not the name of a file in this folder")
    return value


Model = TypeVar("Model", bound=BaseModel)
Value = TypeVar("Value")
Text = Annotated[str, StringConstraints(min_length=1)]
LanguageName = Annotated[str, AfterValidator(_language)]
Number = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,8}$")]


class Description(BaseModel):
    """What `document.toml` says."""

    model_config = ConfigDict(extra="allow", strict=True)

    title: Text
    language: LanguageName
    file: Annotated[str, AfterValidator(_file_name)]
    author: str | None = None
    source_url: str | None = None
    note: str | None = None

    @property
    def metadata(self) -> Metadata:
        """The same for a Document; fields of any other name are what else is said about it."""
        about = {key: str(value) for key, value in (self.model_extra or {}).items()}
        return Metadata(self.title, self.language, self.author, self.source_url, self.note, about)


class _Translations(BaseModel):
    model_config = ConfigDict(strict=True)
    passages: dict[Number, str] = Field(default_factory=dict)


class _Questions(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")
    passages: dict[Number, dict[LanguageName, list[Text]]] = Field(default_factory=dict)


def description(folder: Path) -> Description:
    """The description of a document. Raises CorpusError."""
    return _checked(folder / DESCRIPTION, Description)


def translations(folder: Path, numbers: Collection[int]) -> dict[str, dict[int, str]]:
    """Translations by language and passage. Raises CorpusError where one does not fit."""
    found: dict[str, dict[int, str]] = {}
    for path in sorted((folder / TRANSLATIONS).glob("*.toml")):
        if path.stem not in LANGUAGES:
            raise CorpusError(f"{name_of(path)}: {_unknown_language(name_of(Path(path.stem)))}.")
        found[path.stem] = _by_number(path, _checked(path, _Translations).passages, numbers)
    return found


def questions(folder: Path, numbers: Collection[int]) -> dict[int, dict[str, tuple[str, ...]]]:
    """Stored questions by passage and language. Raises CorpusError where one does not fit."""
    path = folder / QUESTIONS
    if not path.is_file():
        return {}
    stored = _by_number(path, _checked(path, _Questions).passages, numbers)
    return {
        number: {language: tuple(texts) for language, texts in sorted(by_language.items())}
        for number, by_language in stored.items()
    }


def toml_lines(fields: dict[str, str]) -> str:
    """Fields as lines of TOML, without characters that no line may hold."""
    return "".join(f"{key} = {toml_string(value)}\n" for key, value in fields.items())


def toml_string(text: str) -> str:
    """A text on one line as TOML writes it: a string of JSON is one of TOML."""
    return json.dumps(one_line(text), ensure_ascii=False)


def one_line(text: str) -> str:
    """`text` on one line, without control characters."""
    return " ".join(_CONTROL.sub(" ", text).split())


def _by_number(path: Path, table: Mapping[str, Value], numbers: Collection[int]) -> dict[int, Value]:
    found = {int(key): value for key, value in table.items()}
    for number in found:
        if number not in numbers:
            raise CorpusError(f"{path.parent.name}/{path.name}: there is no passage {number}.")
    return dict(sorted(found.items()))


def _checked(path: Path, model: type[Model]) -> Model:
    """What a file says, as `model` describes it. Raises CorpusError."""
    name = f"{path.parent.name}/{path.name}"
    try:
        return model.model_validate(tomllib.loads(read_bytes(path, _LARGEST).decode("utf-8")))
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        missing = first["type"] == "missing"
        said = f" lacks “{where}”" if missing else f", {where}: {first['msg'].removeprefix('Value error, ')}"
        raise CorpusError(f"{name}{said}.") from error
    except (DocumentReadError, ValueError, RecursionError) as error:
        said = str(error).rstrip(".") or "it is nested too deeply"
        raise CorpusError(f"{name} cannot be read: {said}.") from error
