"""A server answers with its own contract: the document and the catalog, with entity tags, from a folder or from an archive."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx2
import pytest
from behaviour.desks import desk_app
from behaviour.houses import HOUSES, MAKECOMMERCE, PAYSERA, WALLET, YOOKASSA, House
from behaviour.loopback import served
from behaviour.merchants import merchant_app
from behaviour.shops import Script, shop_app
from behaviour.wallets import wallet_app

from payments._runtime.serving import Serving, build_app
from payments._runtime.serving_documents import Document
from payments.yookassa import server

CATALOG = "/.well-known/error-catalog.json"
PATHS = ("/openapi.yaml", CATALOG)


@pytest.fixture(scope="module")
def urls() -> Iterator[dict[str, str]]:
    apps = {YOOKASSA: shop_app, WALLET: wallet_app, MAKECOMMERCE: merchant_app, PAYSERA: desk_app}
    with ExitStack() as stack:
        yield {house.api: stack.enter_context(served(app(Script()))) for house, app in apps.items()}


@pytest.mark.parametrize("house", HOUSES, ids=lambda house: house.api)
def test_the_document_is_the_one_that_was_generated(house: House, urls: dict[str, str], checkout: Path) -> None:
    answer = httpx2.get(f"{urls[house.api]}/openapi.yaml")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/yaml")
    assert answer.content == (checkout / "generated" / "openapi" / f"{house.api}.yaml").read_bytes()


@pytest.mark.parametrize("house", HOUSES, ids=lambda house: house.api)
def test_the_catalog_has_every_error_and_every_text(house: House, urls: dict[str, str]) -> None:
    answer = httpx2.get(f"{urls[house.api]}{CATALOG}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    tree: Any = answer.json()
    entries = house.catalog.errors
    assert [error["id"] for error in tree["errors"]] == [entry.contract.id for entry in entries]
    for error, entry in zip(tree["errors"], entries, strict=True):
        contract = entry.contract
        assert error.get("codes", []) == list(contract.match.codes)
        assert error["outcome"] == (contract.outcome.value if contract.outcome is not None else "by_effect")
        assert (error["category"], error["next"]) == (contract.category, contract.advice.next)
        assert error["key"] == contract.advice.key
        assert error["title"] == dict(entry.title.values)
        assert error.get("payer", {}) == dict(entry.payer.values)


@pytest.mark.parametrize("path", PATHS)
def test_asking_again_costs_nothing(path: str, urls: dict[str, str]) -> None:
    url = urls["yookassa"] + path
    first = httpx2.get(url)
    tag = first.headers["etag"]
    assert first.headers["cache-control"].startswith("public")
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = httpx2.get(url, headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert "cache-control" in again.headers and "content-length" not in again.headers
    assert httpx2.get(url, headers={"If-None-Match": '"other"'}).content == first.content
    assert httpx2.post(url).headers["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("path", PATHS)
def test_they_can_be_left_out(path: str) -> None:
    with served(shop_app(Script(), documents=False)) as url:
        assert httpx2.get(url + path).status_code == 404


def test_paths_of_the_api_itself_win() -> None:
    documents = {"/payments": Document("text/plain", b"no"), "/elsewhere": Document("text/plain", b"yes")}
    app = build_app(YOOKASSA.registry, server.ROUTES, server.Handlers(), Serving(documents=documents))
    with served(app) as url:
        assert httpx2.get(f"{url}/payments").content != b"no"
        assert httpx2.get(f"{url}/elsewhere").content == b"yes"


def test_they_are_found_in_an_archive(checkout: Path, tmp_path: Path) -> None:
    root = checkout / "generated" / "python"
    with zipfile.ZipFile(tmp_path / "payments.zip", "w") as archive:
        for path in sorted(root.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                archive.write(path, path.relative_to(root))
    program = (
        "from payments._runtime.serving_documents import packaged_documents\n"
        "import payments.yookassa.server\n"
        "print(*(len(one.content) for one in packaged_documents('payments.yookassa').values()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": str(tmp_path / "payments.zip"), "PATH": ""},
        check=True,
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    sizes = [(root / "payments" / "yookassa" / name).stat().st_size for name in ("openapi.yaml", "error-catalog.json")]
    assert [int(size) for size in done.stdout.split()] == sizes


def test_the_same_catalog_makes_the_same_bytes(checkout: Path) -> None:
    text = (checkout / "generated/python/payments/yookassa/error-catalog.json").read_text(encoding="utf-8")
    assert json.dumps(json.loads(text), ensure_ascii=False, indent=2) + "\n" == text
