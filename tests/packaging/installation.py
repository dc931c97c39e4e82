"""A virtual environment with sadpath in it, made without a network, that lacks what sadpath does not declare."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution, distributions
from pathlib import Path

from packaging.requirements import Requirement


@dataclass(frozen=True, slots=True)
class Archives:
    """What `make wheel` makes."""

    sdist: Path
    wheel: Path


@dataclass(frozen=True, slots=True)
class Installation:
    """A virtual environment that holds sadpath, and what it says that it depends on."""

    folder: Path

    @property
    def site_packages(self) -> Path:
        """Where packages are."""
        return Path(sysconfig.get_path("purelib", "venv", {"base": str(self.folder)}))

    def run(self, *command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        """Run a program of the environment, which sees nothing of the checkout or of the tests' own environment."""
        scripts = Path(sysconfig.get_path("scripts", "venv", {"base": str(self.folder)}))
        return run([str(scripts / command[0]), *command[1:]], cwd, {"PATH": str(scripts)})


def run(
    command: list[str], cwd: Path, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command without PYTHONPATH; what it prints is in the result, and in the failure where it does not end well."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**inherited, "PYTHONUTF8": "1", "NO_COLOR": "1", **(environment or {})},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, f"{command} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


def install(wheel: Path, folder: Path) -> Installation:
    """Install a wheel into a new environment under `folder`."""
    installation = Installation(folder / "venv")
    run([sys.executable, "-m", "venv", "--without-pip", str(installation.folder)], folder)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(installation.folder)]
    run([*pip, "install", "--quiet", "--no-deps", "--no-index", str(wheel)], folder)
    (sadpath,) = distributions(name="sadpath", path=[str(installation.site_packages)])
    _link_dependencies(sadpath, installation.site_packages)
    return installation


def _link_dependencies(root: Distribution, site_packages: Path) -> None:
    """Bring in what a distribution requires, and what that requires, as links into the environment that runs the tests.

    That is quick and needs no network; and unlike an environment that sees all of the tests' packages, it lacks whatever
    the distribution does not declare.
    """
    waiting, done = list(_required(root, ())), set[tuple[str, frozenset[str]]]()
    while waiting:
        requirement = waiting.pop()
        key = (requirement.name.lower(), frozenset(requirement.extras))
        if key in done:
            continue
        done.add(key)
        found = distribution(requirement.name)
        assert requirement.specifier.contains(
            found.version, prereleases=True
        ), f"{requirement}: {found.version} is here"
        for name in {file.parts[0] for file in found.files or ()} - {"..", "__pycache__"}:
            link = site_packages / name
            if not link.exists():
                link.symlink_to(Path(str(found.locate_file(name))))
        waiting += _required(found, requirement.extras)


def _required(one: Distribution, extras: Iterable[str]) -> Iterable[Requirement]:
    for text in one.requires or ():
        requirement = Requirement(text)
        if requirement.marker is None or any(requirement.marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            yield requirement
