"""`sadpath watch`: generates again after a change, survives a broken save, and ends where it can't begin."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sadpath.cli.console import ExitCode
from sadpath.cli.generate import Options, run_generate
from sadpath.cli.options import Scope
from sadpath.cli.result import Result
from sadpath.cli.watch import cycle, run_watch

DOCUMENT = 'openapi: 3.1.0\ninfo: {title: Library, version: "1"}\npaths: {}\n'


@pytest.fixture(name="project")
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    (tmp_path / "openapi.yaml").write_text(DOCUMENT)
    (tmp_path / "sadpath.toml").write_text(
        '[apis.library]\nopenapi = "openapi.yaml"\npackage = "library"\ntargets = ["docs"]\n'
    )
    return tmp_path


def page(project: Path) -> str:
    return (project / "generated/docs/library/README.md").read_text()


def test_a_broken_save_changes_nothing_and_a_mended_one_is_generated(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = project / "openapi.yaml"
    seen: list[str] = []

    def changes(folders: list[Path]) -> Iterator[list[str]]:
        assert project in folders
        seen.append(page(project))
        steps = [DOCUMENT.replace("Library", "Books"), "info: [", DOCUMENT.replace("Library", "Loans")]
        if len(seen) > len(steps):
            return
        yield [str(project / "notes.txt")]  # nobody has read it
        document.write_text(steps[len(seen) - 1])
        yield [str(document)]

    assert cycle(Options(Scope()), changes) is ExitCode.FINE
    assert [next(word for word in ("Library", "Books", "Loans") if word in text) for text in seen] == [
        "Library",
        "Books",
        "Books",
        "Loans",
    ]
    said = capsys.readouterr().err
    assert "error[SP103]" in said and said.count("nothing was written") == 1 and said.count("watching") == 4


def test_what_is_saved_while_a_run_goes_on_is_not_lost(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sadpath.cli import watch

    runs: list[str] = []

    def run_and_save(options: Options) -> Result:
        result = run_generate(options)
        runs.append(page(project))
        if len(runs) == 1:  # somebody saves after the document was read, before the watch begins
            (project / "openapi.yaml").write_text(DOCUMENT.replace("Library", "Books"))
        return result

    monkeypatch.setattr(watch, "run_generate", run_and_save)

    def changes(folders: list[Path]) -> Iterator[list[str]]:
        yield []  # nothing within half a second

    assert cycle(Options(Scope()), changes) is ExitCode.FINE
    assert len(runs) == 2 and "Books" in page(project)


def test_a_file_that_is_not_there_yet_is_waited_for(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = project / "openapi.yaml"
    document.unlink()
    turns: list[int] = []

    def changes(folders: list[Path]) -> Iterator[list[str]]:
        turns.append(len(turns))
        if len(turns) == 1:
            document.write_text(DOCUMENT)
            yield [str(document)]

    assert cycle(Options(Scope()), changes) is ExitCode.FINE
    assert "error[SP001]" in capsys.readouterr().err and "Library" in page(project)


def test_a_broken_configuration_is_survived_too(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = project / "sadpath.toml"
    whole = config.read_text()
    turns: list[str] = []

    def changes(folders: list[Path]) -> Iterator[list[str]]:
        assert project in folders
        turns.append(config.read_text())
        if len(turns) < 3:
            config.write_text("apis = [" if len(turns) == 1 else whole)
            yield [str(config)]

    assert cycle(Options(Scope()), changes) is ExitCode.FINE
    assert len(turns) == 3 and "error[SP003]" in capsys.readouterr().err


def test_it_ends_where_it_cannot_begin(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def changes(folders: list[Path]) -> Iterator[list[str]]:
        raise AssertionError("nothing is watched")

    assert cycle(Options(Scope(apis=("nothing",))), changes) is ExitCode.USAGE
    assert "error[SP007]" in capsys.readouterr().err


def test_what_it_needs_is_named(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    assert run_watch(Options(Scope())) is ExitCode.USAGE
    assert 'pip install "sadpath[watch]"' in capsys.readouterr().err


def test_a_file_that_an_editor_replaces_is_seen(project: Path) -> None:
    """The real thing: watchfiles, and an editor that writes a new file and moves it over the old one."""
    import os
    import signal
    import subprocess
    import threading
    import time

    # Where tests run in the background, Ctrl-C is ignored by whatever they start.
    heeding = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    command = [sys.executable, "-c", f"{heeding}; from sadpath.cli.run import run; raise SystemExit(run())", "watch"]
    checkout = Path(__file__).parents[3]
    variables = {**os.environ, "PYTHONPATH": str(checkout / "generator"), "NO_COLOR": "1"}
    with subprocess.Popen(command, cwd=project, env=variables, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            until(process.stderr, "watching")
            time.sleep(0.5)  # the kernel's watch begins after the line is printed
            staged = project / "openapi.yaml.new"
            staged.write_text(DOCUMENT.replace("Library", "Books"))
            staged.replace(project / "openapi.yaml")
            until(process.stderr, "watching")
            assert "Books" in page(project)
        finally:
            process.send_signal(signal.SIGINT)
            ending = threading.Timer(20, process.kill)
            ending.start()
            code = process.wait()
            ending.cancel()
        assert code in (0, 130) and "Traceback" not in process.stderr.read()


def until(stream: Iterator[str], word: str) -> None:
    """Read lines until one has the word."""
    assert any(word in line for line in stream)
