"""What an editor shows for a generated method: its signature and its docstring, on hover and while its arguments are typed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

SOURCE = """\
from payments.yookassa import AsyncClient, Client

def use(client: Client, other: AsyncClient) -> None:
    client.payments.create()
    other.refunds.list.items()
"""


class Editor:
    """The little of the Language Server Protocol that is needed to ask pyright's server."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-m", "pyright.langserver", "--stdio"]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._number = 0
        folders = [{"uri": folder.as_uri(), "name": "use"}]
        documents = {"hover": {"contentFormat": ["markdown"]}}
        capabilities = {"textDocument": documents, "workspace": {"configuration": True}}
        self.ask(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": folder.as_uri(),
                "workspaceFolders": folders,
                "capabilities": capabilities,
            },
        )
        self._send({"method": "initialized", "params": {}})

    def open(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        document = {"uri": path.as_uri(), "languageId": "python", "version": 1, "text": text}
        self._send({"method": "textDocument/didOpen", "params": {"textDocument": document}})

    def ask(self, method: str, params: dict[str, Any]) -> Any:
        """Send a request and answer the server's own ones until its answer comes."""
        self._number += 1
        self._send({"id": self._number, "method": method, "params": params})
        while True:
            message = self._receive()
            if "method" not in message and message.get("id") == self._number:
                return message.get("result")
            if "method" in message and "id" in message:
                asked = message["method"] == "workspace/configuration"
                self._send({"id": message["id"], "result": [{} for _ in message["params"]["items"]] if asked else None})

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self._process.stdin.flush()

    def _receive(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        length = 0
        while line := self._process.stdout.readline().strip():
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        assert length, "the language server went away"
        message: dict[str, Any] = json.loads(self._process.stdout.read(length))
        return message


@pytest.fixture(scope="module")
def editor(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Editor, str]]:
    folder = tmp_path_factory.mktemp("use")
    paths = [os.path.relpath(checkout / "generated" / "python", folder)]
    configuration = {"extraPaths": paths, "pythonVersion": "3.11"}
    (folder / "pyrightconfig.json").write_text(json.dumps(configuration), encoding="utf-8")
    path = folder / "use.py"
    path.write_text(SOURCE, encoding="utf-8")
    opened = Editor(folder)
    try:
        opened.open(path)
        yield opened, path.as_uri()
    finally:
        opened.close()


def at(uri: str, word: str, *, offset: int = 1) -> dict[str, Any]:
    lines = SOURCE.split("\n")
    line = next(number for number, text in enumerate(lines) if word in text)
    return {"textDocument": {"uri": uri}, "position": {"line": line, "character": lines[line].index(word) + offset}}


def test_hover_shows_signature_meaning_and_what_it_raises(editor: tuple[Editor, str]) -> None:
    server, uri = editor
    text = server.ask("textDocument/hover", at(uri, "create"))["contents"]["value"]
    for part in (
        "amount: MonetaryAmount",
        "idempotency_key: str | None",
        "Create a payment",
        "Raises",
        "InternalServerError",
        "may have been executed",
    ):
        assert part in text


def test_the_signature_is_shown_while_arguments_are_typed(editor: tuple[Editor, str]) -> None:
    server, uri = editor
    found = server.ask("textDocument/signatureHelp", at(uri, "create()", offset=len("create(")))["signatures"][0]
    assert found["label"].startswith("(*, amount: MonetaryAmount,") and found["label"].endswith("-> Payment")
    assert "Starts a payment" in found["documentation"]["value"]
    found = server.ask("textDocument/signatureHelp", at(uri, "items()", offset=len("items(")))["signatures"][0]
    assert found["label"].endswith("-> AsyncIterator[Refund]")


def test_completion_offers_the_other_forms(editor: tuple[Editor, str]) -> None:
    server, uri = editor
    offered = server.ask("textDocument/completion", at(uri, "items()", offset=0))
    labels = {item["label"] for item in offered["items"]}
    assert {"items", "pages", "raw", "result"} <= labels
