"""A generated package as a program sees it: its routes, its models, its catalog of errors."""

from __future__ import annotations

import importlib
import json
import re
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any


def normal(name: str) -> str:
    """A name without its spelling."""
    return re.sub(r"[\W_]+", "", name).lower()


_LONGEST = 80
"""Characters of a name; the end of a longer one is a mark that is made from it."""
_SURE = 60
"""So many characters of a longer name stay."""


def spellings(name: str) -> list[str]:
    """What a class for a schema may be called, in short: what no identifier can begin with gets a word before it."""
    found = [normal(name), f"model{normal(name)}"]
    return [*found, _shortened(name)] if len(normal(name)) > _LONGEST - 8 else found


def _shortened(name: str) -> str:
    return f"{normal(name)[:_SURE]}..."


@dataclass(frozen=True)
class Package:
    """A package that can be imported."""

    name: str

    def module(self, name: str) -> Any:
        """A module of the package, such as `models` or `_runtime.wire`."""
        return importlib.import_module(f"{self.name}.{name}")

    @cached_property
    def server(self) -> Any:
        """The server stub."""
        return self.module("server")

    @cached_property
    def routes(self) -> dict[tuple[str, str], Any]:
        """What the stub serves, by method and path; nothing where the document has no operation."""
        if find_spec(f"{self.name}.server") is None:
            return {}
        return {(one.contract.method, one.contract.path): one for one in self.server.ROUTES}

    def has_method(self, route: Any) -> bool:
        """Whether the client can call what the stub serves."""
        return callable(getattr(getattr(self._client, route.resource, None), route.method, None))

    @cached_property
    def _client(self) -> Any:
        return self.module("client").Client(base_url="http://conformance.test")

    @cached_property
    def model_names(self) -> list[str]:
        """The names of all models; none where the document has no schema."""
        return (
            list(getattr(self.module("models"), "__all__", ())) if find_spec(f"{self.name}.models") is not None else []
        )

    @cached_property
    def models(self) -> dict[str, list[Any]]:
        """Every model by its name without spelling; several where names differ by their spelling alone."""
        found: dict[str, list[Any]] = {}
        for name in self.model_names:
            # A second class of the same spelling has a number.
            spelt_so = {normal(name), normal(re.sub(r"_[0-9]+$", "", name))}
            for spelt in spelt_so | ({_shortened(name)} if len(name) >= _LONGEST - 1 else set[str]()):
                found.setdefault(spelt, []).append(getattr(self.module("models"), name))
        return found

    def members_of(self, model: Any) -> set[str] | None:
        """The names of a model's members on the wire, those that only the other direction has as well; None of what has none."""
        kind = self.module("_runtime.model").Model
        if not isinstance(model, type) or not issubclass(model, kind):
            return None
        aliases = {
            name: name if field.validation_alias is None else field.validation_alias
            for name, field in vars(model)["__pydantic_fields__"].items()
        }
        return {*aliases.values(), *getattr(model, "_read_only", ()), *getattr(model, "_write_only", ())}

    @cached_property
    def _statuses(self) -> dict[str, set[str]]:
        path = Path(str(self.server.__file__)).with_name("error-catalog.json")
        catalog = json.loads(path.read_text(encoding="utf-8"))
        statuses = {one["id"]: {str(status) for status in one.get("statuses", ())} for one in catalog["errors"]}
        everywhere = {
            status for one in catalog["errors"] if not one.get("operations") for status in statuses[one["id"]]
        }
        found: dict[str, set[str]] = {}
        for operation in catalog["operations"]:
            own = [statuses[name] for name in operation.get("errors", ())]
            found[operation["id"]] = everywhere.union(*own)
        return found

    def error_statuses(self, operation: str) -> set[str]:
        """The statuses under which the catalog has a failure of an operation."""
        return self._statuses.get(operation, set())
