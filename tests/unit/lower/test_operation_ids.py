"""Operations without an id: each is called by its path, and no two of them the same."""

from __future__ import annotations

import textwrap

from sadpath.diagnostics import Report
from sadpath.lower.operation_ids import operation_id, with_operation_ids
from sadpath.openapi.model import Document
from sadpath.openapi.parse import parse_document
from sadpath.source.loader import parse_text
from sadpath.source.references import Sources


def document(paths: str) -> Document:
    report = Report()
    text = f"openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\npaths:\n{textwrap.indent(textwrap.dedent(paths), '  ')}"
    source = parse_text("api.yaml", text, report)
    assert source is not None
    found = parse_document(source, Sources(source, report), report)
    assert found is not None and not report.failed
    return found


def ids(paths: str) -> list[str]:
    return [operation_id(operation) for operation in with_operation_ids(document(paths)).operations]


def test_ids_that_are_clear_stay() -> None:
    given = document("/users: {get: {}, post: {}}\n/users/{id}: {get: {operationId: one}}\n")
    assert with_operation_ids(given) is given


def test_a_symbol_tells_paths_apart() -> None:
    assert ids("/users/~: {get: {}}\n/users: {get: {}}\n") == ["get_users_tilde", "get_users"]


def test_a_placeholder_tells_paths_apart() -> None:
    assert ids("/users/{id}: {get: {}}\n/users/id: {get: {}}\n/users/id/: {get: {}}\n") == [
        "get_users_by_id",
        "get_users_id",
        "get_users_id_2",
    ]


def test_an_id_of_the_document_is_left_to_its_operation() -> None:
    assert ids("/users: {get: {}}\n/people: {get: {operationId: get_users}}\n") == ["get_users_2", "get_users"]


def test_the_order_of_the_document_does_not_matter() -> None:
    paths = ["/a/{b}: {get: {}}\n", "/a/b: {get: {}}\n", "/a/b.: {get: {}}\n"]
    assert (
        sorted(ids("".join(paths))) == sorted(ids("".join(reversed(paths)))) == ["get_a_b", "get_a_b_dot", "get_a_by_b"]
    )
