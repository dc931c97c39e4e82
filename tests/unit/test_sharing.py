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


def test_two_tasks_of_one_child_in_any_order() -> None:
    said = run("""
        from sadpath.sharing import aside_both
        parent = os.getpid()
        def first():
            return "first", os.getpid()
        def second():
            return "second", os.getpid()
        def fails():
            if os.getpid() != parent:
                raise MemoryError
            return "here", parent
        for tasks in ((first, second), (second, first)):
            with aside_both(*tasks) as (one, other):
                late, early = other(), one()
            print(early[0], late[0], early[1] == late[1] != parent)
        with aside_both(first, fails) as (one, other):
            print(other() == ("here", parent), one()[1] != parent)
        with aside_both(fails, first) as (one, other):
            print(one() == ("here", parent), other()[1] == parent)
        """)
    assert said == "first second True\nsecond first True\nTrue True\nTrue True"


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
import contextlib, io, pathlib, shutil, sys, tempfile
import sadpath.cli.run, sadpath.cli.progress
folder = pathlib.Path(tempfile.mkdtemp())
os.chdir(folder)
members = "a: {type: integer, default: 3, description: " + "words " * 100 + "}"
models = "".join(
    f"    M{n}: {{type: object, properties: {{m: {{$ref: '#/components/schemas/M{n // 2}'}}, {members}}}}}\\n"
    for n in range(400)
)
head = '''
openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /things:
    get:
      responses:
        "404":
          description: There is none.
          content: {application/json: {schema: {type: object, properties: {code: {const: gone}, about: SCHEMA}}}}
components:
  schemas:
'''.replace("SCHEMA", sys.argv[1])
(folder / "o.yaml").write_text(head + models)
(folder / "other.yaml").write_text("type: object\\nproperties: {m: {type: string}}\\n")
forks = []
fork = os.fork
os.fork = lambda: forks.append(1) or fork()

def generate():
    forks.clear()
    sys.argv = ["sadpath", "generate", "--openapi", "o.yaml", "--package", "p", "--output", "out", "--no-cache"]
    told = io.StringIO()
    with contextlib.redirect_stderr(told):
        code = sadpath.cli.run.run()
    files = {str(path): path.read_bytes() for path in pathlib.Path("out").rglob("*") if path.is_file()}
    shutil.rmtree("out", ignore_errors=True)
    return len(forks), (int(code), told.getvalue(), files)
"""


@pytest.mark.parametrize(
    ("schema", "forks", "code"),
    [
        ("{type: integer}", 4, 0),
        ("{type: integer, default: text}", 4, 0),  # a finding of the validator's
        ("{type: integer, items: {}}", 4, 0),  # one of parsing
        ("{type: string, description: null, items: null}", 4, 0),
        ("{$ref: '#/components/schemas/M9/properties/m'}", 4, 0),
        ("{$id: 'https://library.test/it', $ref: 'o.yaml#/components/schemas/M9'}", 4, 0),
        ("{$anchor: it, type: object, properties: {inner: {$ref: '#it'}}}", 4, 0),
        (
            "{oneOf: [{$ref: '#/components/schemas/M9'}], discriminator: {propertyName: m, mapping: {x: other.yaml}}}",
            4,
            0,
        ),
        ("{$ref: '#/components/schemas/Nowhere'}", 1, 1),
        ("{$ref: '#/paths/~1things/get/responses/404/content/application~1json/schema/properties/about'}", 1, 1),
    ],
)
def test_a_command_line_shares_the_work_and_makes_the_same(schema: str, forks: int, code: int) -> None:
    """Whatever there is to say, and whoever finds it."""
    said = run(
        LARGE + """
forked, found = generate()
os.cpu_count = lambda: 1
alone, expected = generate()
print(forked, alone, found[0], len(found[2]) > 400, found == expected)
""",
        schema,
    )
    assert said == f"{forks} 0 {code} {not code} True"


def test_beside_threads_nothing_is_shared() -> None:
    said = run(
        LARGE + """
import threading
stop = threading.Event()
threading.Thread(target=stop.wait).start()
forked, found = generate()
print(forked, found[0])
stop.set()
""",
        "{type: integer}",
    )
    assert said == "0 0"


def test_the_library_shares_nothing(tmp_path: Path) -> None:
    """Whoever calls it may have threads that Python knows nothing of."""
    said = run(
        LARGE + """
import sadpath
forks.clear()
print(sadpath.generate(folder / "o.yaml", package="p").ok, len(forks))
""",
        "{type: integer}",
    )
    assert said == "True 0"
