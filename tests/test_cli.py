"""The commands as a user runs them, in processes of their own."""

from __future__ import annotations

import errno
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from assemblybot.errors import AssemblybotError, lacks_memory
from assemblybot.index.store import IndexStore
from assemblybot.settings import Settings
from tests.conftest import MODEL, ROOT


def folders_of(settings: Settings) -> dict[str, str]:
    """The environment in which a command has the folders and the model of these settings."""
    return {
        "CORPUS_DIR": str(settings.corpus_dir),
        "INDEX_DIR": str(settings.index_dir),
        "MODEL": str(settings.model),
    }


def run(
    *arguments: str, settings: Settings | None = None, stdin: str = "", **env: str
) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONWARNINGS": "default", **env}
    if settings:
        environment |= folders_of(settings)
    return subprocess.run(
        [sys.executable, "-m", "assemblybot", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        env=environment,
        timeout=120,
    )


def raw(
    *arguments: str, settings: Settings, stdin: bytes = b"", **env: str
) -> subprocess.CompletedProcess[bytes]:
    """As `run`, with bytes in and out, and no encoding in the environment but that in `env`."""
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONIOENCODING", "PYTHONUTF8", "LC_ALL")}
    return subprocess.run(
        [sys.executable, "-m", "assemblybot", *arguments],
        input=stdin,
        capture_output=True,
        env={**kept, **folders_of(settings), **env},
        timeout=120,
    )


def failed(result: subprocess.CompletedProcess[str], code: int, says: str) -> None:
    assert result.returncode == code, result.stderr
    assert says in result.stderr
    assert "Traceback" not in result.stderr
    lines = result.stderr.strip().splitlines()
    assert len([line for line in lines if not line.startswith("assemblybot: building the index: ")]) == 1


def test_ask_in_words(settings: Settings) -> None:
    result = run("ask", "من كتب هذا المقال؟", settings=settings)
    assert result.returncode == 0, result.stderr
    assert "بقلم: حسن الخلقي" in result.stdout
    assert "\x1b" not in result.stdout


def test_ask_json_answers_each_line_in_order(settings: Settings) -> None:
    questions = ["من كتب هذا المقال؟", "Who wrote this article?", "hello", "¿Quién escribió el artículo?"]
    result = run("ask", "--json", settings=settings, stdin="\n".join(questions) + "\n\n")
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [answer["question"] for answer in answers] == questions
    assert [answer["language"] for answer in answers] == ["ar", "en", "en", "es"]
    assert answers[2]["verdict"] == "not_a_question"
    assert answers[0]["citations"][0]["paragraph"] == answers[1]["citations"][0]["paragraph"] == 2


def test_a_bad_line_does_not_stop_the_next(settings: Settings) -> None:
    result = run("ask", "--json", settings=settings, stdin="؟؟\nمن كتب هذا المقال؟\n")
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert "error" in lines[0]
    assert lines[1]["verdict"] == "answered"
    failed(result, 2, "no readable text")


@pytest.mark.parametrize("question", ["\u200f\u202e", "؟؟", "s" * 100_000])
def test_questions_that_cannot_be_read(settings: Settings, question: str) -> None:
    failed(run("ask", question, settings=settings), 2, "question")


def test_a_question_of_a_megabyte_on_standard_input(settings: Settings) -> None:
    failed(run("ask", settings=settings, stdin="م" * 1_000_000), 2, "1,000,000 characters")


def test_the_default_path_imports_no_torch(settings: Settings) -> None:
    code = (
        "import sys; sys.argv = ['assemblybot', 'ask', 'Who wrote it?']\n"
        "from assemblybot.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'scipy', 'telegram', 'slack_bolt'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    environment = {**os.environ, "INDEX_DIR": str(settings.index_dir)}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment, capture_output=True)


def test_repl_in_a_pipe(settings: Settings) -> None:
    commands = (
        ":why",
        ":more",
        ":open 2",
        ":open 99",
        ":context 1",
        ":lang xx",
        ":lang fr",
        ":help",
        ":quit",
    )
    script = "\n".join(["من كتب هذا المقال؟", *commands, ":quit", "never"])
    result = run("repl", settings=settings, stdin=script)
    assert result.returncode == 0, result.stderr
    for part in ("حسن الخلقي", "confidence", "لا توجد الفقرة", "اختر واحداً", ":context N"):
        assert part in result.stdout
    assert "never" not in result.stdout


ARABIC, ENGLISH = "من كتب هذا المقال؟", "Who wrote this article?"


@pytest.mark.slow
def test_questions_of_a_pipe_stand_over_their_answers(settings: Settings) -> None:
    for command in ("ask", "repl"):
        shown = run(command, settings=settings, stdin=f"{ENGLISH}\nhello\n").stdout
        assert shown.startswith(f"? {ENGLISH}\nMy sources answer this:\n")
        assert "\n\n? hello\nHello!" in shown


def test_version_and_help() -> None:
    assert run("-h").stdout == run("--help").stdout
    assert run("ask", "-h").returncode == 0
    assert run("--version").stdout.startswith("assemblybot 0.")
    assert "ask" in run("--help").stdout


def test_index_commands(settings: Settings) -> None:
    assert run("index", "check", settings=settings).stdout.strip() == "whole and up to date"
    manifest = json.loads(run("index", "info", settings=settings).stdout)
    assert manifest["passages"] == 43
    assert manifest["vector_index"] == "flat"


def test_passages(settings: Settings) -> None:
    lines = run("passages", settings=settings).stdout.splitlines()
    assert len(lines) == 43
    assert lines[1].startswith("marrakech-2025#2\tbyline\t")


@pytest.mark.slow
def test_doctor(settings: Settings, tmp_path: Path) -> None:
    assert run("doctor", settings=settings).returncode == 0
    bad = run("doctor", settings=settings.model_copy(update={"corpus_dir": tmp_path / "none"}))
    assert bad.returncode == 3
    assert "FAIL  corpus" in bad.stdout


@pytest.mark.slow
def test_add_ask_and_another_index(tmp_path: Path) -> None:
    source = tmp_path / "harbour.md"
    source.write_text(
        "# The new harbour\n\nThe harbour opened on 3 May 2021 after nine years of work.\n\n"
        "The ferry to the island leaves every morning at eight.\n",
        encoding="utf-8",
    )
    options = ["--corpus", str(tmp_path / "corpus"), "--index", str(tmp_path / "index")]
    added = run("add", str(source), *options, MODEL=str(MODEL))
    assert added.returncode == 0, added.stderr
    result = run("ask", "--json", "When did the harbour open?", *options, MODEL=str(MODEL))
    answer = json.loads(result.stdout)
    assert answer["verdict"] == "answered"
    assert answer["citations"][0]["text"] == "The harbour opened on 3 May 2021 after nine years of work."


def test_an_empty_corpus(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    failed(
        run("ask", "x?", "--corpus", str(tmp_path / "corpus"), "--index", str(tmp_path / "i")),
        3,
        "assemblybot add",
    )


def test_a_binary_file_is_not_added(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"\x00\x01\x02")
    failed(
        run("add", str(path), "--corpus", str(tmp_path / "c"), "--index", str(tmp_path / "i")), 3, "binary"
    )
    assert not (tmp_path / "c").exists()


def test_a_folder_is_read_and_what_cannot_be_read_is_listed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Les élèves sont arrivés à l'été.\n", encoding="cp1252")
    (tmp_path / "b.html").write_text(
        "<h1>Hours</h1><p>Open at nine.</p><nav><a>Home</a></nav>", encoding="utf-8"
    )
    (tmp_path / "c.pdf").write_bytes(b"%PDF-1.4 broken")
    result = run("add", "--dry-run", str(tmp_path), "--corpus", str(tmp_path / "corpus"))
    assert result.returncode == 3
    assert result.stdout == (
        "would add a\n  title: a\n  language: fr; passages: 1\n"
        "  note: The encoding is not said in the file; it was read as Windows-1252.\n"
        "would add b\n  title: Hours\n  language: en; passages: 2\n  left out: navigation (1 words)\n"
    )
    lines = result.stderr.splitlines()
    assert lines[:3] == ["reading 1 of 3: a.txt", "reading 2 of 3: b.html", "reading 3 of 3: c.pdf"]
    assert lines[3].startswith("assemblybot: c.pdf was not added: This is not a PDF")
    assert not (tmp_path / "corpus").exists()


def test_list_and_remove(small_corpus: Path) -> None:
    listed = run("list", "--corpus", str(small_corpus))
    assert listed.stdout == "harbour\ten\t9\tThe harbour\n"
    failed(run("remove", "port", "--corpus", str(small_corpus)), 3, "There is no document “port”")
    removed = run("remove", "harbour", "--corpus", str(small_corpus), "--index", str(small_corpus / "i"))
    assert (removed.returncode, removed.stdout) == (0, "removed harbour\n")
    failed(run("list", "--corpus", str(small_corpus)), 3, "There is no document in")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_no_permission(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("text")
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    failed(run("add", str(path), "--corpus", str(tmp_path / "c")), 3, "cannot be put")


def test_a_folder_where_nothing_can_be_written(settings: Settings) -> None:
    failed(run("index", "build", "--index", "/proc/none", settings=settings), 4, "could not be written")


@pytest.mark.slow
@pytest.mark.parametrize("model", ["no-such-folder/model", "/nonexistent"])
def test_a_missing_model(settings: Settings, model: str) -> None:
    result = run("ask", "x?", settings=settings.model_copy(update={"model": model}))
    assert result.returncode == 5, result.stderr
    assert model in result.stderr
    assert "Traceback" not in result.stderr


def test_a_truncated_index(settings: Settings, tmp_path: Path) -> None:
    import shutil

    copy = tmp_path / "index"
    shutil.copytree(settings.index_dir, copy)
    vectors = IndexStore(copy).current() / "vectors.faiss"
    vectors.write_bytes(vectors.read_bytes()[:1000])
    broken = settings.model_copy(update={"index_dir": copy})
    failed(run("ask", "x?", settings=broken), 4, "vectors.faiss")


def test_settings_that_cannot_be_used() -> None:
    failed(run("ask", "x?", THREADS="many"), 6, "THREADS")


@pytest.mark.slow
def test_eval(settings: Settings, tmp_path: Path) -> None:
    questions = Path(__file__).parent / "data" / "dev.jsonl"
    some = tmp_path / "some.jsonl"
    some.write_text("\n".join(questions.read_text("utf-8").splitlines()[:5]), encoding="utf-8")
    result = run("eval", str(some), settings=settings)
    assert "R@1" in result.stdout
    assert "calibration_error" in result.stdout
    some.write_text(some.read_text("utf-8").replace("2025", "1925"), encoding="utf-8")
    failed(run("eval", str(some), settings=settings), 3, "no document holds")


@pytest.mark.slow
def test_eval_writes_a_page_and_compares_with_a_saved_run(settings: Settings, tmp_path: Path) -> None:
    questions = ROOT / "tests" / "data" / "dev.jsonl"
    few, page, saved = tmp_path / "few.jsonl", tmp_path / "page.html", tmp_path / "run.json"
    few.write_text(
        "".join(questions.read_text(encoding="utf-8").splitlines(keepends=True)[:6]), encoding="utf-8"
    )
    first = run("eval", str(few), "--save", str(saved), "--json", settings=settings)
    assert json.loads(first.stdout)["questions"] == 6
    again = run("eval", str(few), "--report", str(page), "--baseline", str(saved), settings=settings)
    assert again.returncode == 0, again.stderr
    assert "0 were won and 0 lost" in page.read_text(encoding="utf-8")


def test_eval_refuses_a_baseline_that_is_none(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text("{}", encoding="utf-8")
    asked = ["--report", str(tmp_path / "page.html"), "--baseline", str(tmp_path / "run.json")]
    failed(run("eval", "questions.jsonl", *asked, settings=settings), 1, "is no saved run")


def test_too_little_memory_is_told_in_a_sentence(settings: Settings) -> None:
    """One megabyte more than the command line takes, so that the next library cannot be loaded."""
    code = (
        "import resource, sys\nfrom assemblybot.cli import main\n"
        "used = int(open('/proc/self/statm').read().split()[0]) * resource.getpagesize()\n"
        "resource.setrlimit(resource.RLIMIT_AS, (used + (1 << 20),) * 2)\n"
        "sys.argv = ['assemblybot', 'index', 'check']\nmain()\n"
    )
    environment = os.environ | folders_of(settings)
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, timeout=120
    )
    failed(result, 9, "too little memory")


def _wrapped() -> Exception:
    try:
        raise OSError(errno.ENOMEM, "Cannot allocate memory")
    except OSError as error:
        found = AssemblybotError("The index cannot be read.")
        found.__cause__ = error
        return found


@pytest.mark.parametrize(
    ("error", "lacks"),
    [
        (MemoryError(), True),
        (_wrapped(), True),
        (RuntimeError("can't start new thread"), True),
        (RuntimeError("dictionary changed size"), False),
        (OSError(errno.ENOSPC, "No space left on device"), False),
    ],
)
def test_what_comes_of_too_little_memory_is_known_for_it(error: Exception, lacks: bool) -> None:
    assert lacks_memory(error) is lacks
