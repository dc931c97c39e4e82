"""Two parts of the work at a time: in a process of its own, since tests have threads, and threads and forks do not mix."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import threading

import pytest

from sadpath.render.sharing import both


def run(program: str) -> str:
    """What a program prints that can use `both`, with two cores wherever it runs."""
    head = "import gc, os\nos.cpu_count = lambda: 2\nfrom sadpath.render.sharing import both\n"
    done = subprocess.run(
        [sys.executable, "-c", head + textwrap.dedent(program)], capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout.strip()


def test_a_child_makes_the_second_part_and_ends() -> None:
    said = run("""
        mine, others = both(lambda: {"pid": str(os.getpid())}, lambda: {"pid": str(os.getpid()), "long": "x" * 10**7}, worthwhile=True)
        print(mine["pid"] == str(os.getpid()), others["pid"] != mine["pid"], len(others["long"]), gc.get_freeze_count())
        try:
            os.waitpid(-1, os.WNOHANG) if hasattr(os, "fork") else None
            print("a child is left" if hasattr(os, "fork") else "no child is left")
        except ChildProcessError:
            print("no child is left")
        """)
    assert said == f"True {hasattr(os, 'fork')} 10000000 0\nno child is left"


def test_what_a_child_cannot_make_is_made_here() -> None:
    said = run("""
        parent = os.getpid()
        def made():
            if os.getpid() != parent:
                raise MemoryError
            return {"a": "b"}
        print("once", flush=True)
        print(both(dict, made, worthwhile=True))
        """)
    assert said == "once\n({}, {'a': 'b'})"


def test_an_error_shows_as_it_would_without_a_child() -> None:
    said = run("""
        def fails():
            raise KeyError("k")
        for parts in ((dict, fails), (fails, dict)):
            try:
                both(*parts, worthwhile=True)
            except KeyError as error:
                print(error)
        """)
    assert said == "'k'\n'k'"


def test_beside_threads_all_is_made_here() -> None:
    seen: list[int] = []

    def made() -> dict[str, str]:
        seen.append(threading.get_ident())
        return {"a": "b"}

    stop = threading.Event()
    other = threading.Thread(target=stop.wait)
    other.start()
    try:
        assert both(made, made, worthwhile=True) == ({"a": "b"}, {"a": "b"})
    finally:
        stop.set()
        other.join()
    assert len(seen) == 2


@pytest.mark.parametrize("types", [10, 400])
def test_what_is_generated_is_the_same_either_way(types: int, tmp_path: object) -> None:
    said = run(f"""
        import pathlib, tempfile
        import sadpath, sadpath.render.targets as targets
        folder = pathlib.Path(tempfile.mkdtemp())
        models = "".join(f"    M{{n}}: {{{{type: object, properties: {{{{a: {{{{type: integer}}}}, m: {{{{$ref: '#/components/schemas/M{{n // 2}}'}}}}}}}}}}}}\\n" for n in range({types}))
        (folder / "o.yaml").write_text("openapi: 3.1.0\\ninfo: {{title: T, version: '1'}}\\npaths: {{}}\\ncomponents:\\n  schemas:\\n" + models)
        forks = []
        fork = getattr(os, "fork", None)
        if fork:
            os.fork = lambda: forks.append(1) or fork()
        first = sadpath.generate(folder / "o.yaml", package="p")
        targets._MANY = 10**9
        second = sadpath.generate(folder / "o.yaml", package="p")
        print(len(forks), first.ok, dict(first.tree) == dict(second.tree), list(first.tree) == list(second.tree))
        """)
    assert said == f"{int(types > 300 and hasattr(os, 'fork'))} True True True"
