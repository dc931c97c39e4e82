"""Calls every operation once: the generated client asks the generated stub in process, and both sides have to see the same."""

from __future__ import annotations

import asyncio
import inspect
import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

import httpx2
from conformance.corpus.accounting import Named
from conformance.corpus.dialect import Dialect, Unusable
from conformance.corpus.importing import said
from conformance.corpus.making import FILE, Maker, Wish
from conformance.corpus.package import Package
from conformance.corpus.plain import Described, Lost, Operation, Plain
from conformance.corpus.round_trips import Score
from conformance.corpus.texts import Unmade

_FORMS: Final = ("application/x-www-form-urlencoded", "multipart/")
_OWN_FIELDS: Final = frozenset({"content-length", "content-type", "transfer-encoding", "connection"})
"""Header fields that the server itself writes."""
BASE: Final = "http://stub.example"


class Unasked(Exception):
    """An operation that is not called, and why."""


class Amiss(Exception):
    """An operation that cannot be called as the document has it, and why."""


@dataclass
class Script:
    """What the handler of an operation got, and what it answers."""

    answer: Any = None
    request: Any = None
    asked: list[str] = field(default_factory=list[str])

    def handle(self, request: Any) -> Any:
        self.request = request
        return self.answer


class _Everything:
    """Handlers of every group and of every operation."""

    def __init__(self, script: Script) -> None:
        self._script = script

    def __getattr__(self, name: str) -> Any:
        return _Group(self._script)


class _Group:
    def __init__(self, script: Script) -> None:
        self._script = script

    def __getattr__(self, name: str) -> Any:
        return self._script.handle


def calls(plain: Plain, package: Package, named: Named, limit: float) -> dict[str, Any]:
    """One call of every operation; one that fails where a diagnostic speaks of the operation is none that was tried."""
    if not package.routes:
        return Score().tree()
    return asyncio.run(_Calls(plain, package, named).made(limit))


class _Calls:
    def __init__(self, plain: Plain, package: Package, named: Named) -> None:
        self.plain, self.package, self.named = plain, package, named
        version = plain.version
        self.sending = Maker(Dialect(plain, version, "request"), "11 request")
        self.answering = Maker(Dialect(plain, version, "response"), "11 response")
        self.modes = package.module("_runtime.validation").Mode
        self.script = Script()

    def decode(self, annotation: Any, tree: Any, mode: Any) -> Any:
        """The Python value of an instance; numbers as they come from the wire."""
        conversion, wire = self.package.module("_runtime.conversion"), self.package.module("_runtime.wire")
        return conversion.decode(annotation, wire.parse_json(json.dumps(tree).encode()), mode)

    async def made(self, limit: float) -> dict[str, Any]:
        score, until = Score(), time.process_time() + limit
        transport = httpx2.ASGITransport(app=self.app())
        async with httpx2.AsyncClient(transport=transport, trust_env=False) as http:
            client = self.client(http)
            for operation in self.plain.operations():
                what = f"{operation.method} {operation.path}"
                if time.process_time() > until:
                    score.untried["no time left"] += 1
                    continue
                try:
                    problem = await self.one(client, operation)
                except (Unasked, Unmade, Unusable, Lost) as error:
                    score.untried[reason_of(error)] += 1
                    continue
                if problem is not None and self.named.about(operation.pointer):
                    score.untried["named by a diagnostic"] += 1
                else:
                    score.note(what, problem)
        return score.tree()

    def app(self) -> Any:
        create = self.package.server.create_app
        known = inspect.signature(create).parameters
        further = {"authenticate": lambda credentials, operation: "caller"} if "authenticate" in known else {}
        return create(_Everything(self.script), **further)

    def client(self, http: Any) -> Any:
        kind = self.package.module("client").AsyncClient
        known = inspect.signature(kind).parameters
        credentials = list(self.credentials())
        further: dict[str, Any] = {"auth": credentials} if "auth" in known else {}
        return kind(**further, base_url=BASE, http_client=http, max_attempts=1, deadline=20)

    def credentials(self) -> Iterator[Any]:
        """Credentials for every scheme that an operation demands."""
        kinds = self.package.module("_runtime.credentials")
        seen: set[str] = set()
        for route in self.package.routes.values():
            for scheme in (one for alternative in route.contract.security for one in alternative):
                if scheme.scheme in seen or scheme.kind in ("mutualTLS", "undescribed"):
                    continue
                seen.add(scheme.scheme)
                if scheme.kind == "basic":
                    yield kinds.BasicAuth("user", "secret", scheme=scheme.scheme)
                elif scheme.kind == "apiKey":
                    yield kinds.ApiKeyAuth("secret", scheme=scheme.scheme)
                elif scheme.kind == "http":
                    yield kinds.HttpAuth(scheme.auth_scheme, "secret")
                else:
                    yield kinds.BearerAuth("secret", scheme=scheme.scheme)

    async def one(self, client: Any, operation: Operation) -> str | None:
        """What is wrong with a call; None where nothing is."""
        route = self.package.routes.get((operation.method, operation.path))
        if route is None:
            raise Unasked("no such route")
        if route.contract.security and all(
            any(one.kind == "mutualTLS" for one in alternative) for alternative in route.contract.security
        ):
            raise Unasked("needs a client certificate")
        try:
            expected, arguments = self.arguments(route.contract, operation)
            self.script.answer = self.answer(route.contract, operation)
        except Amiss as error:
            return str(error)
        except ValueError as error:
            return f"an instance is refused: {said(error)}"
        self.script.request = None
        method = getattr(getattr(client, route.resource), route.method)
        if "idempotency_key" in inspect.signature(method).parameters:
            arguments["idempotency_key"] = expected["idempotency_key"] = str(uuid5(NAMESPACE_URL, route.contract.id))
        try:
            result = await method(**arguments)
        except Exception as error:  # noqa: BLE001 whatever it raises, the call failed
            return f"{self.reached()}{said(error)}"
        return self.seen(expected) or self.compared(result)

    def reached(self) -> str:
        return "" if self.script.request is None else "after the handler: "

    def seen(self, expected: dict[str, Any]) -> str | None:
        if self.script.request is None:
            return "no handler was asked"
        for name, value in expected.items():
            got = getattr(self.script.request, name, None)
            is_same = (
                alike(got, value)
                or (name != "body" and (one_of_one(got, value) or said_as_text(got, value)))
                or (got is None and is_bare(value))
            )
            if not is_same:
                return f"the handler got {name}={got!r:.120} and not {value!r:.120}"
        return None

    def compared(self, result: Any) -> str | None:
        wanted = getattr(self.script.answer, "value", self.script.answer)
        is_reply = type(self.script.answer).__name__ == "Reply"
        wanted = wanted if is_reply else self.script.answer
        return None if result == wanted else f"the client got {result!r:.120} and not {wanted!r:.120}"

    def arguments(self, contract: Any, operation: Operation) -> tuple[dict[str, Any], dict[str, Any]]:
        """What the handler has to get, and what the method is called with: the parameters that the document has."""
        taken = {Described(one.location, one.name, {}, operation.file, ()).key: one for one in contract.parameters}
        expected: dict[str, Any] = {}
        for described in (*self.plain.parameters(operation), *self.undescribed(operation)):
            parameter = taken.pop(described.key, None)
            if parameter is None:
                self.miss(described, contract)
                continue
            value = self.parameter(described.tree, described.file, f"{operation.pointer} {described.key}")
            if parameter.location == "path" and (
                value in ({}, []) or (isinstance(value, str) and not value.strip("."))
            ):
                raise Unasked("a value that cannot stand in a path")
            expected[parameter.argument] = self.decode(parameter.type, value, self.modes.REQUEST)
        if taken:
            raise Amiss(f"arguments for what the document has not: {', '.join(name for _, name in taken)}")
        given = dict(expected)
        if contract.body is not None:
            body = self.body(contract.body, operation)
            expected["body"] = body
            given |= self.spread(contract.body, body)
        return expected, given

    def undescribed(self, operation: Operation) -> Iterator[Described]:
        """What the path has room for, and no parameter speaks of: a text."""
        known = {one.name for one in self.plain.parameters(operation) if one.location == "path"}
        for name in re.findall(r"\{([^{}]+)\}", operation.path):
            if name not in known:
                tree = {"schema": {"type": "string", "minLength": 1}}
                yield Described("path", name, tree, operation.file, ())

    def miss(self, described: Described, contract: Any) -> None:
        """Raises Amiss of a parameter that no argument takes, unless a diagnostic names it or it is the key of repeats."""
        if any(self.named.at(pointer, 3) for pointer in described.pointers):
            return
        schemes = self.package.module("_contract").API.idempotency
        scheme = schemes.get(contract.idempotency)
        if scheme is None or described.key != ("header", scheme.header.lower()):
            raise Amiss(f"no argument for the parameter {described.name} ({described.location})")

    def parameter(self, tree: dict[str, Any], file: Any, key: str) -> Any:
        schema = tree.get("schema", {})
        if isinstance(tree.get("content"), dict) and tree["content"]:
            schema = next(iter(tree["content"].values())).get("schema", {})
        return self.sending.instance(schema, file, Wish("all", simple=True), key)

    def body(self, body: Any, operation: Operation) -> Any:
        """A request body of the preferred media type."""
        kind = self.package.module("_runtime.references").resolved(body.type)
        media = body.media_type
        if kind is bytes or kind is str:
            return b"\x00bytes" if kind is bytes else "text"
        if not (_is_json(media) or media.startswith(_FORMS)):
            raise Unasked(f"a body of {media}")
        found, file, _ = self.plain.follow(operation.tree["requestBody"], operation.file)
        content = content_of(found, media)
        if content is None:
            raise Unasked("a body that the document does not have")
        simple = not _is_json(media)
        tree = self.sending.instance(
            content.get("schema", {}), file, Wish("all", simple=simple), f"{operation.pointer} body"
        )
        if any(encoding.headers for encoding in body.encoding.values()):
            raise Unasked("a part with header fields of its own")
        if not media.startswith("multipart/"):
            return self.decode(body.type, tree, self.modes.REQUEST)
        decode, wire = self.package.module("_runtime.conversion").decode, self.package.module("_runtime.wire")
        return decode(body.type, _with_files(wire.parse_json(json.dumps(tree).encode())), self.modes.REQUEST)

    def spread(self, body: Any, value: Any) -> dict[str, Any]:
        """A body as the arguments that it is given by."""
        if body.arguments is None:
            return {"body": value, **stated_for(body.media_type, value)}
        fields = type(value).model_fields
        given = {name: getattr(value, name) for name in fields if value.is_set(name) and name in body.arguments}
        further = value.model_extra or {}
        if further and body.extra is None:
            raise Unasked("a body with members that no argument takes")
        return {**given, **({body.extra: further} if further else {})}

    def answer(self, contract: Any, operation: Operation) -> Any:
        """What the handler answers: the first success that the document describes."""
        if not contract.success:
            raise Unasked("no success is described")
        success = contract.success[0]
        if success.stream is not None:
            raise Unasked("a stream")
        found = {status: (tree, file) for status, tree, file, _ in self.plain.responses(operation)}
        tree, file = found.get(success.status) or found.get(success.status.lower()) or ({}, operation.file)
        value = self.answered(success, tree, file, f"{operation.pointer} {success.status}")
        headers = {}
        for header in success.headers:
            if header.required and header.name.lower() not in _OWN_FIELDS:
                text = self.answering.instance(
                    self.header(tree, file, header.name),
                    file,
                    Wish("least", simple=True),
                    f"{operation.pointer} {header.name}",
                )
                headers[header.name] = self.decode(header.type, text, self.modes.READ)
        if not headers:
            return value
        return self.package.module("_runtime.replies").Reply(value, headers=headers)

    def header(self, response: dict[str, Any], file: Any, name: str) -> Any:
        for key, header in (response.get("headers") or {}).items():
            if key.lower() == name.lower():
                found, _, _ = self.plain.follow(header, file)
                return found.get("schema", {})
        raise Unasked("a header field that the document does not have")

    def answered(self, success: Any, response: dict[str, Any], file: Any, key: str) -> Any:
        if success.type is None:
            return None
        kind = self.package.module("_runtime.references").resolved(success.type)
        if kind is bytes or kind is str:
            return b"\x00bytes" if kind is bytes else "text"
        content = content_of(response, success.media_type)
        if content is None:
            raise Unasked("an answer that the document does not have")
        if not _is_json(success.media_type) and "*" not in success.media_type:
            raise Unasked(f"an answer of {success.media_type}")
        tree = self.answering.instance(content.get("schema", {}), file, Wish("all"), key)
        return self.decode(success.type, tree, self.modes.READ)


def stated_for(media_type: str, value: Any) -> dict[str, str]:
    """The argument that says what a body is, where the document leaves it open."""
    kind, star, _ = media_type.partition("*")
    if not star:
        return {}
    plain = isinstance(value, bytes | str)
    return {
        "content_type": f"{kind}x" if kind not in ("", "application/") else f"application/{'x' if plain else 'json'}"
    }


def alike(left: Any, right: Any) -> bool:
    """Whether two values are the same; of files, what they hold counts, and not what they are called."""
    if any(callable(getattr(one, "read", None)) for one in (left, right)):
        return _content(left) == _content(right)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(alike, left, right))
    fields = getattr(type(left), "model_fields", None)
    if fields is not None and type(left) is type(right) and left != right:
        return all(alike(getattr(left, name, None), getattr(right, name, None)) for name in fields)
    return bool(left == right)


def one_of_one(left: Any, right: Any) -> bool:
    """Whether one is a list of nothing but the other: a parameter with a single value looks the same."""
    return left == [right] or [left] == right


def said_as_text(left: Any, right: Any) -> bool:
    """Whether one is the text of the other: where a text is allowed as well, nothing tells a number from one."""
    if not isinstance(left, str) or not isinstance(right, bool | int | Decimal):
        return False
    return left == (
        str(right).lower() if isinstance(right, bool) else format(right, "f" if isinstance(right, Decimal) else "")
    )


def is_bare(value: Any) -> bool:
    """Whether this is a model with nothing in it: where it may be left out, nothing is sent."""
    return hasattr(type(value), "model_fields") and value.to_wire() == {}


def _content(file: Any) -> Any:
    return file.read() if callable(getattr(file, "read", None)) else file


def _with_files(tree: Any) -> Any:
    """The tree with bytes where a text stands for a file."""
    if isinstance(tree, dict):
        return {name: _with_files(value) for name, value in tree.items()}
    if isinstance(tree, list):
        return [_with_files(item) for item in tree]
    return tree.encode() if isinstance(tree, str) and tree.startswith(FILE) else tree


def reason_of(error: Exception) -> str:
    """Why an operation was not called, in a few words."""
    return str(error) if isinstance(error, Unasked) else f"{type(error).__name__.lower()}: {error}"[:80]


def content_of(holder: Any, media_type: str | None) -> dict[str, Any] | None:
    """What a body or an answer says of a media type."""
    contents = {name.replace(" ", "").lower(): content for name, content in (holder.get("content") or {}).items()}
    wanted = (media_type or "").replace(" ", "").lower()
    bare = {name.partition(";")[0]: content for name, content in contents.items()}
    # What a document leaves open is called what it is written as.
    found = contents.get(wanted, bare.get(wanted.partition(";")[0], contents.get("*/*")))
    return found if isinstance(found, dict) else None


def _is_json(media_type: str) -> bool:
    if media_type.strip() == "*/*":
        return True
    bare = media_type.split(";")[0].strip().lower()
    return bare.endswith(("/json", "+json"))
