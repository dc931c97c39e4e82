"""What an API promises about its failures, as plain data: read by the client that decodes and by the server that encodes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any, Literal

from .frozen import dataclass
from .phases import Outcome as Outcome
from .phases import Phase as Phase
from .signatures import Part as Part
from .signatures import Place as Place
from .signatures import Signature as Signature

Effect = Literal["read", "idempotent", "once"]
"""What a second execution of an operation would do: nothing to change, the same change, or a second change."""

Fault = Literal["client", "server", "payer", "payee", "issuer", "network"]
NextStep = Literal["stop", "fix", "user", "repeat", "poll", "check"]
"""`check`: find out first whether it was executed, and repeat only if it was not."""
KeyRule = Literal["same", "new", "either", "unspecified"]
Preparation = Literal["refresh_token", "sync_clock"]
Role = Literal["support_reference", "field", "field_owner", "documentation", "retry_after", "request_id"]
ValueType = Literal["string", "integer", "decimal", "boolean", "datetime", "date", "duration", "uri", "csv", "json"]
Unit = Literal["ms", "s", "m", "h"]
Generator = Literal["uuid4"]
Test = Literal["equals", "in", "exists", "matches", "same_as"]
RequestPart = Literal["body", "path", "query", "header"]
Backoff = Literal["fixed", "linear", "exponential", "fibonacci", "schedule", "server"]


@dataclass(frozen=True, slots=True)
class Selector:
    """Where one value stands in an HTTP exchange; exactly one of the places is given.

    `body` and `at` are JSON Pointers (RFC 6901); `auth` is an auth-param of a challenge (RFC 9110, section 11.2)
    of `scheme`, carried in `header`; `const` is wrapped in a one-element tuple so that `None` can be said.
    """

    body: str | None = None
    header: str | None = None
    auth: str | None = None
    scheme: str | None = None
    request: RequestPart | None = None
    at: str | None = None
    const: tuple[Any] | None = None
    type: ValueType = "string"
    unit: Unit = "s"


@dataclass(frozen=True, slots=True)
class Attribute:
    """A typed member of a failure beyond its code and message."""

    select: Selector
    role: Role | None = None
    required: bool = False
    generate: Generator | None = None


@dataclass(frozen=True, slots=True)
class Items:
    """Field-level failures: the array at `at`, each item read by `fields`; unknown members of an item survive."""

    at: str
    fields: Mapping[str, Attribute]


@dataclass(frozen=True, slots=True)
class Predicate:
    """A condition on an exchange; `negate` turns it round. The value of `same_as` is another selector."""

    select: Selector
    test: Test
    value: Any
    negate: bool = False


@dataclass(frozen=True, slots=True)
class Format:
    """How a failure looks on the wire; the same description is read by the decoder and by the encoder.

    `constants` and `order` are keyed by JSON Pointer; `also_accept` names further formats tried when this one finds no code.
    """

    name: str
    media_types: tuple[str, ...] = ()
    code: Selector | None = None
    message: Selector | None = None
    constants: Mapping[str, Any] = field(default_factory=dict[str, Any])
    attributes: Mapping[str, Attribute] = field(default_factory=dict[str, Attribute])
    items: Items | None = None
    null: Literal["omit", "write"] = "omit"
    order: tuple[str, ...] = ()
    also_accept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RetryAfter:
    """Where the server says how long to wait, and the longest wait that is obeyed, in seconds."""

    select: Selector
    cap: float


@dataclass(frozen=True, slots=True)
class Policy:
    """How attempts are spaced; all times in seconds. `schedule` is used by `backoff="schedule"` alone."""

    name: str
    backoff: Backoff
    unit: float = 1.0
    factor: float = 2.0
    cap: float | None = None
    jitter: float = 0.0
    max_attempts: int | None = None
    max_elapsed: float | None = None
    schedule: tuple[float, ...] = ()
    on_exhausted: Literal["raise", "contact_support"] = "raise"
    retry_after: RetryAfter | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """Which answers are this failure.

    `statuses` holds "400", "5XX" or "default"; no `codes` and no `other_codes`: known by its status (and `when`) alone;
    no `operations`: every operation; `format` names an entry of `ApiContract.formats`.
    """

    statuses: tuple[str, ...] = ()
    codes: tuple[str | int, ...] = ()
    other_codes: bool = False
    format: str | None = None
    when: tuple[Predicate, ...] = ()
    operations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do after a failure: `next` is the step, `key` the idempotency key of the next attempt, `before` what must precede it."""

    next: NextStep
    key: KeyRule = "unspecified"
    before: Preparation | None = None
    policy: str | None = None
    automatic: bool | None = None


@dataclass(frozen=True, slots=True)
class ErrorContract:
    """One entry of an error catalog. `outcome` None means that it follows from the operation's effect (`by_effect`).

    `outcome_by_status`, `advice_by_status`: nobody stated it for every status it may come with: that of the answer decides.
    `stub_status` and `stub_code` are what a server of ours sends where the contract names no status or no code.
    """

    id: str
    match: Match
    category: str
    fault: Fault
    outcome: Outcome | None
    advice: Advice
    title: str
    raised: Literal["always", "opt_in"] = "always"
    attributes: Mapping[str, Attribute] = field(default_factory=dict[str, Attribute])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    stub_status: int | None = None
    stub_code: str | int | None = None
    documentation: str | None = None
    payer_texts: Mapping[str, str] = field(default_factory=dict[str, str])
    """What the payer may be told, by locale; empty where nothing may be shown."""
    deprecated: bool = False
    outcome_by_status: bool = False
    advice_by_status: bool = False


@dataclass(frozen=True, slots=True)
class FamilyContract:
    """A range of integer codes, both ends included, that share a base class."""

    name: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class IdempotencyScheme:
    """How the API tells a repeated request from a new one; `retention` in seconds."""

    name: str
    header: str
    generate: Generator = "uuid4"
    max_length: int | None = None
    retention: float | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of an operation: `argument` is its Python name, `name` its name on the wire (OpenAPI 3.1, section 4.8.12)."""

    argument: str
    name: str
    location: Literal["path", "query", "header", "cookie", "querystring"]
    type: Any = str
    required: bool = False
    style: str = "form"
    explode: bool = True
    media_type: str | None = None
    allow_reserved: bool = False
    allow_empty: bool = False


@dataclass(frozen=True, slots=True)
class Encoding:
    """How one member of a form or of a multipart body is written (OpenAPI's Encoding Object); None where it does not say."""

    content_type: str | None = None
    style: str | None = None
    explode: bool | None = None
    allow_reserved: bool = False
    headers: tuple[str, ...] = ()
    """The header fields that a part of this name must have."""


@dataclass(frozen=True, slots=True)
class Content:
    """A further media type of a request body, which the argument `content_type` chooses."""

    media_type: str
    type: Any
    encoding: Mapping[str, Encoding] = field(default_factory=dict[str, Encoding])


@dataclass(frozen=True, slots=True)
class Body:
    """The request body: `type` is what pydantic builds it from; `arguments` are the Python arguments that are its fields where
    it is spread, and `extra` the one for further members by their names on the wire; `nullable` where None is a body, too.
    """

    media_type: str
    type: Any
    required: bool = True
    arguments: tuple[str, ...] | None = None
    extra: str | None = None
    encoding: Mapping[str, Encoding] = field(default_factory=dict[str, Encoding])
    others: tuple[Content, ...] = ()
    nullable: bool = False

    @property
    def contents(self) -> tuple[Content, ...]:
        """Every media type, the preferred one first."""
        return Content(self.media_type, self.type, self.encoding), *self.others


@dataclass(frozen=True, slots=True)
class Header:
    """A documented header field of an answer; `media_type` where its value is a text of that type."""

    name: str
    type: Any = str
    required: bool = False
    explode: bool = False
    media_type: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """What can be asked for next: parameters and body of an operation as constants and as runtime expressions."""

    name: str
    operation: str
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    body: tuple[Any] | None = None


StreamForm = Literal["bytes", "lines", "sequence", "events", "event_texts", "event_objects", "event_trees"]
"""What a stream is cut into: chunks; JSON Lines; JSON text sequences (RFC 7464); the data of server-sent events, which is JSON or
(`event_texts`) text; whole events, their data being text (`event_objects`) or JSON (`event_trees`).
"""


@dataclass(frozen=True, slots=True)
class Success:
    """One documented success: `status` is "200", "2XX" or "default"; `type` None means that there is no body to read.

    Of a stream (`stream`), `type` is the type of one item.
    """

    status: str
    media_type: str | None = None
    type: Any = None
    stream: StreamForm | None = None
    headers: tuple[Header, ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Security:
    """One way to authenticate: `kind` and `name` as in OpenAPI's security scheme, `parameter` the header, query or cookie name.

    `auth_scheme` is what stands first in `Authorization` (RFC 9110, section 11.6.2) where the kind is "http". A scheme that is
    only named, and described nowhere, is "undescribed".
    """

    scheme: str
    kind: Literal["basic", "bearer", "apiKey", "oauth2", "openIdConnect", "mutualTLS", "http", "undescribed"]
    location: Literal["header", "query", "cookie"] | None = None
    parameter: str | None = None
    scopes: tuple[str, ...] = ()
    auth_scheme: str | None = None


@dataclass(frozen=True, slots=True)
class ServerVariable:
    """A part of a server's URL; no `default`: it has to be given; no `values`: any text will do."""

    default: str | None = None
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Server:
    """Where operations are: a URL, relative ones included, with `{name}` for each of the `variables`."""

    url: str
    variables: Mapping[str, ServerVariable] = field(default_factory=dict[str, ServerVariable])


@dataclass(frozen=True, slots=True)
class Paging:
    """How pages follow each other: the JSON Pointer of the items and of the next cursor, and the argument that takes the cursor."""

    items: str
    next: str
    argument: str


@dataclass(frozen=True, slots=True)
class Lookup:
    """How to find out what became of a request whose answer was lost: an operation that reads, and how to read what it says.

    Its contract is `name` in `module`, relative to `package`. `bind` gives its parameters, by their names on the wire,
    values from the lost request. `match` picks the one item of a list; `executed` and `not_executed` judge it: `executed` None
    means that it was found, `not_executed` None that this is never concluded.
    """

    package: str | None
    module: str
    name: str
    bind: Mapping[str, Selector] = field(default_factory=dict[str, Selector])
    match: tuple[Predicate, ...] = ()
    executed: tuple[Predicate, ...] | None = None
    not_executed: tuple[Predicate, ...] | None = None


@dataclass(frozen=True, slots=True)
class OperationContract:
    """Everything the runtime needs to send one operation, read its answer, and serve it.

    `security` is a tuple of alternatives, each a tuple of schemes that are all needed; `()` means that none is.
    `natural_key` is where the request itself carries what makes a repeat harmless; `servers` is empty where those of
    the API serve the operation too. `idempotency_optional`: the document leaves it to the caller to send a key.
    """

    id: str
    method: str
    path: str
    effect: Effect = "once"
    parameters: tuple[Parameter, ...] = ()
    body: Body | None = None
    success: tuple[Success, ...] = ()
    security: tuple[tuple[Security, ...], ...] = ()
    idempotency: str | None = None
    natural_key: Selector | None = None
    paging: Paging | None = None
    servers: tuple[Server, ...] = ()
    idempotency_optional: bool = False
    lookup: Lookup | None = None


@dataclass(frozen=True, slots=True)
class ApiContract:
    """One API's failures: its formats, its key rules, its policies and what failures of the web framework become."""

    name: str
    title: str
    servers: tuple[Server, ...] = ()
    further_servers: tuple[Server, ...] = ()
    """Those that operations have for themselves."""
    formats: Mapping[str, Format] = field(default_factory=dict[str, Format])
    idempotency: Mapping[str, IdempotencyScheme] = field(default_factory=dict[str, IdempotencyScheme])
    policies: Mapping[str, Policy] = field(default_factory=dict[str, Policy])
    framework: Mapping[str, str] = field(default_factory=dict[str, str])
    contact: str | None = None
    """Whom to ask for help: the document's own words."""
    default_locale: str = "en"
    signatures: Mapping[str, Signature] = field(default_factory=dict[str, Signature])
    """How requests are signed, by the security scheme."""
