from pathlib import Path

import pytest

from assemblybot.errors import AssemblybotError
from assemblybot.evaluation.run import Run, load, save


def test_a_saved_run_comes_back(run: Run, tmp_path: Path) -> None:
    save(run, tmp_path / "run.json")
    found = load(tmp_path / "run.json")
    assert found.outcomes == run.outcomes
    assert [o.seconds for o in found.outcomes] == [o.seconds for o in run.outcomes]
    assert (found.digest, found.model, found.date) == (run.digest, run.model, run.date)


def test_no_question_text_is_kept(run: Run, tmp_path: Path) -> None:
    save(run, tmp_path / "run.json")
    kept = (tmp_path / "run.json").read_text(encoding="utf-8")
    assert not any(case.question.text in kept for case in run.cases)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": 99}', '{"format": 1, "outcomes": [{}]}'])
def test_another_file_is_no_run(tmp_path: Path, content: str) -> None:
    (tmp_path / "run.json").write_text(content, encoding="utf-8")
    with pytest.raises(AssemblybotError, match="is no saved run"):
        load(tmp_path / "run.json")
