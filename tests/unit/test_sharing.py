"""Two parts of the work at a time: in a process of its own, since tests have threads, and threads and forks do not mix."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest


def run(program: str, *arguments: str) -> str:
    """What a program prints that can use `aside`, with two cores wherever it runs."""
    head = "import gc, os, sys\nos.cpu_count = lambda: 2\nfrom sadpath.sharing import aside\n"
    program = head + textwrap.dedent(program)
    done = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, timeout=120)
    assert not done.returncode, done.stderr
    return done.stdout.strip()


def test_a_child_does_a_task_and_ends() -> None:
    said = run("""
        with aside(lambda: {"pid": os.getpid(), "long": "x" * 10**7}) as made:
            pass_the_time = sum(range(10**5))
            found = made()
        print(found["pid"] != os.getpid(), len(found["long"]), gc.get_freeze_count())
        try:
            os.waitpid(-1, os.WNOHANG)
            print("a child is left")
        except ChildProcessError:
            print("no child is left")
        """)
    assert said == "True 10000000 0\nno child is left"


def test_what_both_have_is_not_sent_but_found_again() -> None:
    said = run("""
        class Known:
            def __reduce__(self):
                raise TypeError("this can't be sent")
        one, other = Known(), Known()
        with aside(lambda: [other, (one, "text"), other], common=[one, other]) as made:
            found = made()
        print(found[0] is other, found[1][0] is one, found[1][1], found[2] is other)
        """)
    assert said == "True True text True"


def test_what_a_child_cannot_do_is_done_here() -> None:
    said = run("""
        parent = os.getpid()
        def task():
            if os.getpid() != parent:
                raise MemoryError
            return "here"
        with aside(task) as made:
            print(made())
        with aside(lambda: (lambda: "can't be sent")) as made:
            print(made()())
        os.fork = lambda: os.open("/nowhere", 0)
        with aside(task) as made:
            print(made())
        """)
    assert said == "here\ncan't be sent\nhere"


def test_an_error_shows_as_it_would_without_a_child() -> None:
    said = run("""
        def fails():
            raise KeyError("k")
        try:
            with aside(fails) as made:
                made()
        except KeyError as error:
            print(error)
        try:
            with aside(lambda: __import__("time").sleep(60)) as made:
                fails()
        except KeyError as error:
            print(error)
        """)
    assert said == "'k'\n'k'"


def test_tasks_are_shared_out_and_each_is_done_once() -> None:
    said = run("""
        from sadpath.sharing import shared_out
        import time
        def task(number):
            time.sleep(0.2 if number == 0 else 0.01)
            return number, os.getpid()
        made = shared_out([lambda number=number: task(number) for number in range(6)])
        first = made[0][1]
        print([number for number, _ in made], len({pid for _, pid in made}), [pid == first for _, pid in made[1:]])
        print(shared_out([]))
        """)
    assert said == "[0, 1, 2, 3, 4, 5] 2 [False, False, False, False, False]\n[]"


def test_tasks_that_a_child_takes_along_are_done_here() -> None:
    said = run("""
        from sadpath.sharing import shared_out
        import signal, time
        parent = os.getpid()
        def task():
            if os.getpid() != parent:
                os.kill(os.getpid(), signal.SIGKILL)
            time.sleep(0.3)
            return "here"
        print(shared_out([task, task, task]))
        os.fork = lambda: os.open("/nowhere", 0)
        print(shared_out([task, task]))
        def fails():
            raise KeyError("k")
        try:
            shared_out([fails])
        except KeyError as error:
            print(error)
        """)
    assert said == "['here', 'here', 'here']\n['here', 'here']\n'k'"


LARGE = """
import pathlib, sys, tempfile
import sadpath.cli.run, sadpath.cli.progress
folder = pathlib.Path(tempfile.mkdtemp())
members = "a: {type: integer, default: WRONG, description: " + "words " * 100 + "}"
models = "".join(
    f"    M{n}: {{type: object, properties: {{m: {{$ref: '#/components/schemas/M{n // 2}'}}, {members}}}}}\\n".replace(
        "WRONG", "text" if n == int(sys.argv[1]) else "3")
    for n in range(400)
)
head = "openapi: 3.1.0\\ninfo: {title: T, version: '1'}\\npaths: {}\\ncomponents:\\n  schemas:\\n"
(folder / "o.yaml").write_text(head + models)
forks = []
fork = os.fork
os.fork = lambda: forks.append(1) or fork()

def generate(name):
    forks.clear()
    sys.argv = ["sadpath", "generate", "--openapi", str(folder / "o.yaml"), "--package", "p", "--output", str(folder / name), "--no-cache"]
    code = sadpath.cli.run.run()
    files = {str(path.relative_to(folder / name)): path.read_bytes() for path in (folder / name).rglob("*") if path.is_file()}
    return int(code), len(forks), files
"""


@pytest.mark.parametrize("wrong", [-1, 7])
def test_a_command_line_shares_the_work_and_makes_the_same(wrong: int) -> None:
    """Whether the validator, in a child, has something to say (a default of the wrong type) or not."""
    said = run(
        LARGE + """
first = generate("one")
os.cpu_count = lambda: 1
second = generate("two")
print(first[0], first[1], second[1], len(first[2]) > 400, (first[0], first[2]) == (second[0], second[2]))
""",
        str(wrong),
    )
    assert said == "0 4 0 True True"


def test_beside_threads_nothing_is_shared() -> None:
    said = run(
        LARGE + """
import threading
stop = threading.Event()
threading.Thread(target=stop.wait).start()
print(generate("one")[:2])
stop.set()
""",
        "-1",
    )
    assert said == "(0, 0)"


def test_the_library_shares_nothing(tmp_path: Path) -> None:
    """Whoever calls it may have threads that Python knows nothing of."""
    said = run(
        LARGE + """
import sadpath
forks.clear()
print(sadpath.generate(folder / "o.yaml", package="p").ok, len(forks))
""",
        "-1",
    )
    assert said == "True 0"
