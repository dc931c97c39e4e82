"""The generated APIs, each with its catalog and its registry, for tests that run what was generated."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from payments._runtime.contract import OperationContract
from payments._runtime.errors import ApiError, Registry
from sadpath.catalog.model import Catalog, Example
from sadpath.catalog.parse import parse_catalog
from sadpath.diagnostics import Report
from sadpath.source.loader import load

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class House:
    """One API: its slug and the package generated for it."""

    api: str
    package: str

    @property
    def errors(self) -> ModuleType:
        return importlib.import_module(f"{self.package}.errors")

    @property
    def models(self) -> ModuleType:
        return importlib.import_module(f"{self.package}.models")

    @property
    def client(self) -> ModuleType:
        return importlib.import_module(f"{self.package}.client")

    @property
    def server(self) -> ModuleType:
        return importlib.import_module(f"{self.package}.server")

    @property
    def registry(self) -> Registry:
        registry: Registry = self.errors.REGISTRY
        return registry

    @property
    def operations(self) -> dict[str, OperationContract]:
        return {route.contract.id: route.contract for route in self.server.ROUTES}

    @property
    def catalog(self) -> Catalog:
        return _catalog(self.api)

    def examples(self) -> list[tuple[str, Example]]:
        """Every example of a failure, with the id of its error."""
        return [(entry.contract.id, example) for entry in self.catalog.errors for example in entry.examples]

    def class_of(self, id: str) -> type[ApiError]:
        return self.registry.by_id[id]

    def operation(self, id: str | None) -> OperationContract | None:
        return self.operations[id] if id is not None else None


@cache
def _catalog(api: str) -> Catalog:
    report = Report()
    source = load(ROOT / "specs" / api / "errors.yaml", report)
    assert source is not None
    found = parse_catalog(source, report)
    assert found is not None, report.diagnostics
    return found[0]


YOOKASSA = House("yookassa", "payments.yookassa")
WALLET = House("yoomoney-wallet", "payments.yoomoney_wallet")
MAKECOMMERCE = House("makecommerce", "payments.makecommerce")
PAYSERA = House("paysera", "payments.paysera")
HOUSES = (YOOKASSA, WALLET, MAKECOMMERCE, PAYSERA)


def example_cases() -> list[Any]:
    """(house, error id, example) for every example there is, with readable test ids."""
    import pytest

    return [
        pytest.param(house, id, example, id=f"{house.api}-{id}-{example.id}")
        for house in HOUSES
        for id, example in house.examples()
    ]
