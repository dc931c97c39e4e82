"""Runs sadpath for the GitHub Action: findings become annotations, and what was said becomes the summary of the step.

Reads SADPATH_COMMAND and SADPATH_ARGS, and the files and folders that a runner names in GITHUB_WORKSPACE,
GITHUB_STEP_SUMMARY and GITHUB_OUTPUT.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

COMMANDS = ("check", "lint", "generate")
MOST_LINES = 500
"""Lines of a summary: a runner takes one mebibyte."""
ANNOTATION = re.compile(r"::(error|warning|notice) ([^:]*)::(.*)")


def main() -> int:
    """Run, and return the exit code of sadpath; 2 where there is nothing to run."""
    command = os.environ.get("SADPATH_COMMAND", "check")
    try:
        arguments = shlex.split(os.environ.get("SADPATH_ARGS", ""))
    except ValueError as error:
        return refuse(f"the input args can't be read: {error}")
    if command not in COMMANDS:
        return refuse(f"the input command is one of {', '.join(COMMANDS)}")
    line = [sys.executable, "-m", "sadpath", command, "--output-format", "github", *arguments]
    environment = {**os.environ, "PYTHONUTF8": "1", "NO_COLOR": "1"}
    done = subprocess.run(line, env=environment, capture_output=True, text=True, encoding="utf-8", check=False)
    found = [placed(one, prefix()) for one in done.stdout.splitlines()]
    print("\n".join(found), flush=True)
    print(done.stderr, file=sys.stderr, end="", flush=True)
    said = [plain(one) for one in found] + done.stderr.splitlines()
    append("GITHUB_STEP_SUMMARY", summary(command, done.returncode, said))
    append("GITHUB_OUTPUT", f"exit-code={done.returncode}\n")
    return done.returncode


def refuse(problem: str) -> int:
    """Say what is wrong with the inputs of the action."""
    print(f"::error title=sadpath::{data(problem)}", flush=True)
    append("GITHUB_STEP_SUMMARY", summary("", 2, [problem]))
    append("GITHUB_OUTPUT", "exit-code=2\n")
    return 2


def prefix() -> str:
    """The working directory as seen from the root of the repository, which the paths of annotations start at."""
    workspace = os.environ.get("GITHUB_WORKSPACE")
    if not workspace:
        return ""
    try:
        below = Path.cwd().resolve().relative_to(Path(workspace).resolve())
    except ValueError:
        return ""
    return "" if below == Path() else f"{below.as_posix()}/"


def placed(line: str, below: str) -> str:
    """An annotation with the path of its file from the root of the repository."""
    found = ANNOTATION.fullmatch(line)
    if found is None or not below:
        return line
    own = data(below).replace(":", "%3A").replace(",", "%2C")
    properties = re.sub(r"(?:^|(?<=,))file=(?!/)", f"file={own}", found[2])
    return f"::{found[1]} {properties}::{found[3]}"


def plain(line: str) -> str:
    """An annotation as a compiler would say it, on one line."""
    found = ANNOTATION.fullmatch(line)
    if found is None:
        return line
    stated = dict(one.partition("=")[::2] for one in found[2].split(","))
    known = {name: undone(value) for name, value in stated.items()}
    where = ":".join(known[name] for name in ("file", "line", "col") if name in known)
    message = undone(found[3]).split("\n")[0]
    return f"{where or 'sadpath'}: {found[1]}: {known.get('title', '')}: {message}"


def data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def undone(text: str) -> str:
    for escape, character in (("%2C", ","), ("%3A", ":"), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        text = text.replace(escape, character)
    return text


def summary(command: str, code: int, said: list[str]) -> str:
    """Markdown in which whatever was said is code: lines that begin with four spaces hold neither markup nor links."""
    mark = ":white_check_mark:" if code == 0 else ":x:"
    shown = [line for line in said if line.strip()]
    left = len(shown) - MOST_LINES
    lines = [f"    {line}" for line in shown[:MOST_LINES]] + ([f"    and {left:,} lines more"] if left > 0 else [])
    return "\n".join([f"### {mark} sadpath {command}".rstrip(), "", *lines, "", ""])


def append(name: str, text: str) -> None:
    """Add to the file that a variable of the runner names, where there is one."""
    path = os.environ.get(name)
    if path:
        with open(path, "a", encoding="utf-8", newline="\n") as file:
            file.write(text)


if __name__ == "__main__":
    sys.exit(main())
