"""Where requests go and what they carry: servers, routes, credentials, and what an API sends by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sadpath.runtime.contract import ApiContract, OperationContract, Parameter, Security, Server, ServerVariable
from sadpath.runtime.credentials import ApiKeyAuth, BearerAuth, HttpAuth, NoCredential, authorize
from sadpath.runtime.notifications import Notification, UnreadableNotification, read_notification
from sadpath.runtime.routing import RouteTable, path_template
from sadpath.runtime.servers import base_of

REGION = {"region": ServerVariable("eu", ("eu", "us"))}


def api(*servers: Server, further: tuple[Server, ...] = ()) -> ApiContract:
    return ApiContract("a", "A", servers=servers, further_servers=further)


def test_servers_that_have_to_be_named() -> None:
    with pytest.raises(ValueError, match="give base_url"):
        base_of(api(), None, None)
    with pytest.raises(ValueError, match="give base_url"):
        base_of(api(Server("/v1")), None, None)
    with pytest.raises(ValueError, match="'host' has no default: give it in server_variables"):
        base_of(api(Server("https://{host}")), None, None)
    assert base_of(api(Server("https://{host}")), None, {"host": "h"}).url == "https://h"
    with pytest.raises(ValueError, match="there is none"):
        base_of(api(Server("https://h")), None, {"host": "h"})


def test_operations_with_servers_alone() -> None:
    own = Server("https://{region}.x.test", REGION)
    base = base_of(api(Server("/"), further=(own,)), None, {"region": "us"})
    assert base.of((own,)) == "https://us.x.test"
    with pytest.raises(ValueError, match="give base_url"):
        base.of(())
    with pytest.raises(ValueError, match="can't be 'x', but eu or us"):
        base_of(api(further=(own,)), None, {"region": "x"})
    assert base_of(api(further=(own,)), "http://localhost:1", None).of((own,)) == "http://localhost:1"


@dataclass
class Route:
    contract: OperationContract


def table(*operations: str) -> RouteTable[Route]:
    pairs = (operation.split(" ", 1) for operation in operations)
    return RouteTable([Route(OperationContract(path, method, path)) for method, path in pairs])


@pytest.mark.parametrize(
    ("method", "path", "found", "parameters"),
    [
        ("GET", "/x/me", "/x/me", {}),
        ("GET", "/x/%6De", "/x/me", {}),
        ("PUT", "/x/me", "/x/{id}", {"id": "me"}),
        ("HEAD", "/x/me", "/x/me", {}),
        ("GET", "/x/you", "/x/{id}", {"id": "you"}),
        ("GET", "/a.b.c", "/{name}.{ending}", {"name": "a", "ending": "b.c"}),
        ("COPY", "/x/me", "/x/{id}", {"id": "me"}),
        ("GET", "/x/1%3acancel", "/x/{id}:cancel", {"id": "1"}),
    ],
)
def test_routes(method: str, path: str, found: str, parameters: dict[str, str]) -> None:
    routes = table(
        "GET /x/{id}", "PUT /x/{id}", "COPY /x/{id}", "GET /x/me", "GET /{name}.{ending}", "GET /x/{id}:cancel"
    )
    result = routes.find(path, method)
    assert result is not None
    route = result.route(method)
    assert route is not None and route.contract.path == found and result.parameters == parameters


def test_methods_of_all_paths_that_fit() -> None:
    found = table("GET /x/{id}", "PUT /x/me").find("/x/me", "POST")
    assert found is not None and found.allowed == ("GET", "HEAD", "OPTIONS", "PUT") and found.route("POST") is None


@pytest.mark.parametrize(
    ("query", "found", "parameters"),
    [
        ("kind=draft", "/x?kind=draft", {}),
        ("page=1&kind=%64raft", "/x?kind=draft", {}),
        ("kind=sent&by=a+b%2Fc", "/x?kind=sent&by={who}#later", {"who": "a%20b%2Fc"}),
        ("kind=sent", "/x", {}),
        ("kind=lost&kind=draft", "/x", {}),
        ("", "/x", {}),
    ],
)
def test_routes_with_a_query(query: str, found: str, parameters: dict[str, str]) -> None:
    result = table("GET /x", "GET /x?kind=draft", "GET /x?kind=sent&by={who}#later").find("/x", "GET", query)
    assert result is not None
    route = result.route("GET")
    assert route is not None and route.contract.path == found and result.parameters == parameters
    assert table("GET /x?kind=draft").find("/x", "GET") is None


@pytest.mark.parametrize(
    ("query", "headers", "found"),
    [
        ("", {"X-Do": "a"}, "/#a"),
        ("do=b", {}, "/#b"),
        ("do=b", {"X-Do": "a"}, "/#a"),
        ("do=b&v=%31", {}, "/#b1"),
        ("do=c", {"X-Do": "c"}, "/#?"),
    ],
)
def test_routes_of_one_path(query: str, headers: dict[str, str], found: str) -> None:
    def route(path: str, *constants: Parameter) -> Route:
        return Route(OperationContract(path, "GET", path, parameters=constants))

    of_a = Parameter("do", "X-Do", "header", Literal["a"], required=True)
    of_b = Parameter("do", "do", "query", Literal["b"], required=True)
    version = Parameter("v", "v", "query", Literal[1], required=True)
    free = Parameter("w", "w", "query", Literal["w"])
    known = RouteTable([route("/#?", free), route("/#a", of_a), route("/#b", of_b), route("/#b1", of_b, version)])
    result = known.find("/", "GET", query, headers)
    assert result is not None
    chosen = result.route("GET")
    assert chosen is not None and chosen.contract.path == found


@pytest.mark.parametrize(("text", "found"), [("7", "/x/{number}"), ("%37", "/x/{number}"), ("seven", "/x/{name}")])
def test_the_narrower_of_two_paths_that_differ_in_names_alone(text: str, found: str) -> None:
    def fits(parameter: Parameter, text: str) -> bool:
        return parameter.type is not int or unquote(text).isdigit()

    def route(name: str, kind: type) -> Route:
        path = f"/x/{{{name}}}"
        return Route(OperationContract(path, "GET", path, parameters=(Parameter(name, name, "path", kind),)))

    result = RouteTable([route("name", str), route("number", int)], fits).find(f"/x/{text}")
    assert result is not None
    chosen = result.route("GET")
    assert chosen is not None and chosen.contract.path == found


@given(first=st.text("ab.%2", min_size=1), second=st.text("ab.%2", min_size=1))
def test_a_path_is_filled_so_that_it_is_read_again(first: str, second: str) -> None:
    template = path_template("/{a}.{b}/x")
    try:
        filled = template.fill({"a": first, "b": second})
    except ValueError:
        assert "." in first
        return
    assert template.match(filled.split("/")) == {"a": first, "b": second}


HEADER, QUERY = Security("h", "apiKey", "header", "X-Key"), Security("q", "apiKey", "query", "key")
OAUTH, OPEN_ID = Security("o", "oauth2"), Security("i", "openIdConnect")
DIGEST = Security("d", "http", auth_scheme="Digest")


def test_a_key_without_a_name_is_for_one_scheme() -> None:
    key = ApiKeyAuth("k")
    assert authorize(((HEADER,),), [key]).headers == (("X-Key", "k"),)
    with pytest.raises(NoCredential, match=r"ApiKeyAuth\(..., scheme='h'\) and ApiKeyAuth\(..., scheme='q'\)"):
        authorize(((HEADER, QUERY),), [key])
    both = authorize(((HEADER, QUERY),), [ApiKeyAuth("1", scheme="q"), ApiKeyAuth("2", scheme="h")])
    assert (both.headers, both.query) == ((("X-Key", "2"),), (("key", "1"),))


def test_one_token_for_several_schemes_is_asked_for_once() -> None:
    tokens = iter(["first", "second"])
    joined = authorize(((OAUTH, OPEN_ID),), [BearerAuth(lambda: next(tokens))])
    assert joined.headers == (("Authorization", "Bearer first"),)


def test_other_schemes_of_authorization() -> None:
    proof = 'username="ali", response="0123456789abcdef0123", uri="/a"'
    found = authorize(((DIGEST,),), [HttpAuth("digest", lambda: proof)])
    assert found.headers == (("Authorization", f"Digest {proof}"),)
    assert "0123456789abcdef0123" in found.secrets and "ali" not in found.secrets
    with pytest.raises(ValueError, match="visible ASCII"):
        authorize(((DIGEST,),), [HttpAuth("Digest", "a\r\nX: b")])
    with pytest.raises(ValueError, match="a token"):
        HttpAuth("Digest x", "y")
    assert "y" not in repr(HttpAuth("X", "y")).removeprefix("HttpAuth")


def raised(action: Callable[[], Any]) -> UnreadableNotification:
    with pytest.raises(UnreadableNotification) as caught:
        action()
    return caught.value


def test_notifications() -> None:
    text = Notification("n", "text/plain", str)
    assert read_notification(text, "ü") == "ü" and read_notification(text, "ü".encode()) == "ü"
    assert read_notification(Notification("n", "application/json", dict[str, Any]), '{"a":1}') == {"a": 1}
    error = raised(lambda: read_notification(text, b"\xff", {"content-type": "text/plain"}))
    assert (error.notification, error.body, error.reason) == ("n", b"\xff", "cannot be read")
    error = raised(lambda: read_notification(text, b"secret", {"Content-Type": "image/png"}))
    assert "secret" not in f"{error!r}{error}" and "text/plain is expected" in str(error)
