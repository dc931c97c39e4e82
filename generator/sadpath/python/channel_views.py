"""View of how webhooks are received: the contract of each channel, and how to ask again what an event says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from sadpath.ir.service import Channel, Operation, Service, Webhook
from sadpath.naming.scope import Code, Identifier, allocate
from sadpath.naming.words import snake
from sadpath.python.annotations import Annotator
from sadpath.python.docstrings import bullets, docstring
from sadpath.python.imports import Imports
from sadpath.python.literals import class_names, literal
from sadpath.python.message_views import Spelling, returned
from sadpath.python.names import Names
from sadpath.runtime import channels as wire
from sadpath.runtime.frozen import dataclass

RECEIVE: Final = "parse_webhook"
SECRETS: Final = "WebhookSecrets"
ERRORS: Final = ("ForeignAddress", "SignatureInvalid", "SignatureMissing", "UntrustedNotification")


@dataclass(frozen=True, slots=True)
class SecretView:
    """A secret that a caller gives."""

    name: Identifier
    docstring: Code


@dataclass(frozen=True, slots=True)
class RereadView:
    """A function that asks the API what is true now."""

    function: Identifier
    event: Code
    returns: Code
    resource: Identifier
    method: Identifier
    places: Code
    channel: int
    docstring: Code


@dataclass(frozen=True, slots=True)
class ReceptionView:
    """The function that receives webhooks, and what it needs."""

    channels: Code
    returns: Code
    docstring: Code
    secrets: tuple[SecretView, ...]
    addressed: bool
    deprecated: bool
    rereads: tuple[RereadView, ...]


def secrets_of(service: Service) -> tuple[str, ...]:
    """The names of the secrets that any channel needs, sorted."""
    return tuple(sorted({name for channel in service.channels for one in channel.signatures for name in one.secrets}))


def reread_names(service: Service) -> dict[str, Identifier]:
    """The functions by webhook; what cannot be asked about has none."""
    wanted = {
        webhook.name: f"reread {webhook.name}"
        for channel in service.channels
        for webhook in channel.webhooks
        if webhook.operation is not None
    }
    return allocate(wanted, snake, prefix="reread")


def reception_view(
    service: Service, names: Names, annotator: Annotator, imports: Imports, runtime: Code
) -> ReceptionView | None:
    """None where the catalog does not say how webhooks are trusted."""
    if not service.channels:
        return None
    for word in (*ERRORS, "receive_webhook"):
        imports.use(f"{runtime}.webhooks", word)
    contracts = tuple(_contract(channel, annotator) for channel in service.channels)
    for name in sorted(class_names(contracts)):
        origin = "webhooks" if name == "Channel" else "signatures"
        imports.use(f"{runtime}.{origin}", name)
    signatures = [one for channel in service.channels for one in channel.signatures]
    rereads = tuple(_rereads(service, names, Spelling(imports, annotator.plain(), runtime)))
    if rereads:
        imports.use(f"{runtime}.webhooks", "bound")
        for origin, word in (("collections.abc", "Awaitable"), ("typing", "overload"), ("typing", "TYPE_CHECKING")):
            imports.use(origin, word)
    if any(channel.addresses for channel in service.channels):
        imports.use(f"{runtime}.webhooks", "UNCHECKED")
        imports.use(f"{runtime}.webhooks", "Unchecked")
    secrets = secrets_of(service)
    if secrets:
        imports.use("collections.abc", "Sequence")
        imports.use("typing", "TypedDict")
    plain = annotator.plain()
    kinds = dict.fromkeys(plain.of(channel.type) for channel in service.channels)
    return ReceptionView(
        channels=literal(contracts),
        returns=Code(" | ".join(kinds)),
        docstring=_docstring(service),
        secrets=tuple(SecretView(Identifier(name), docstring(_about_secret(name, service))) for name in secrets),
        addressed=any(channel.addresses for channel in service.channels),
        deprecated=any(one.deprecated for one in signatures),
        rereads=rereads,
    )


def _contract(channel: Channel, annotator: Annotator) -> wire.Channel:
    return wire.Channel(
        names=tuple(webhook.name for webhook in channel.webhooks),
        media_type=channel.media_type,
        type=annotator.as_value(channel.type),
        within=channel.within,
        signatures=channel.signatures,
        addresses=channel.addresses,
    )


def _rereads(service: Service, names: Names, spelling: Spelling) -> Iterator[RereadView]:
    operations = {one.id: (group.name, one) for group in service.groups for one in group.operations}
    functions = reread_names(service)
    for index, channel in enumerate(service.channels):
        for webhook in channel.webhooks:
            if webhook.operation is None:
                continue
            group, operation = operations[webhook.operation]
            method = names.operations[operation.id].method
            yield RereadView(
                function=functions[webhook.name],
                event=spelling.annotator.as_value(webhook.type),
                returns=returned(operation, spelling),
                resource=names.groups[group].attribute,
                method=method,
                places=literal(_places(webhook, operation, names)),
                channel=index,
                docstring=docstring(
                    f"What is true now, by `client.{names.groups[group].attribute}.{method}`.",
                    "An event may come twice, late, and after another one: act on what this says.",
                ),
            )


def _places(webhook: Webhook, operation: Operation, names: Names) -> Mapping[str, str]:
    arguments = names.operations[operation.id].arguments
    found = {item.wire_name: str(arguments[item.location, item.wire_name]) for item in operation.parameters}
    if operation.body is not None and operation.body.spread is not None:
        owner = operation.body.spread.name
        found = {name: str(field) for (record, name), field in names.fields.items() if record == owner} | found
    return {found[name]: pointer for name, pointer in webhook.bind.items()}


def _about_secret(name: str, service: Service) -> str:
    for channel in service.channels:
        for signature in channel.signatures:
            if signature.algorithm.startswith("rsa") and signature.key == name:
                where = f", published at {signature.public_key}" if signature.public_key else ""
                return f"The public key in PEM{where}; several while one is replaced. It is read by the package `cryptography`."
    return "Several while one is replaced."


def _docstring(service: Service) -> Code:
    signed = any(channel.signatures for channel in service.channels)
    deprecated = [one.name for channel in service.channels for one in channel.signatures if one.deprecated]
    unsigned = [webhook.name for channel in service.channels if not channel.signatures for webhook in channel.webhooks]
    addressed = any(channel.addresses for channel in service.channels)
    refusals = ["SignatureMissing", "SignatureInvalid"] if signed else []
    refusals += ["ForeignAddress"] if addressed else []
    return docstring(
        (
            "The event of a webhook, once it is known to come from the API."
            if signed
            else "The event of a webhook that comes from one of the API's addresses, and is not signed."
        ),
        "The `raw_body` is the body as it came, before anything parsed it; of a GET, the query."
        + (" What is signed is checked on these bytes, in constant time, before they are read." if signed else ""),
        (
            "The `address` is that of the peer, as a proxy that you trust tells it: one address, nothing else. Give `UNCHECKED`"
            " where you do not know it."
            if addressed
            else None
        ),
        (
            f"Not signed: {', '.join(unsigned)}. Anybody who can send from such an address, or through your proxy, can make one,"
            " and what an event says may contradict the object in it: ask again before you act."
            if unsigned
            else None
        ),
        (
            f"With `accept_deprecated` the signature {', '.join(deprecated)} counts too, for old recordings: members that it does"
            " not sign may be anybody's."
            if deprecated
            else None
        ),
        "What the contract does not know yet is returned too, of a union as `UnknownVariant`: answer as if it were handled.",
        bullets(
            "Raises",
            (
                f"UntrustedNotification ({', '.join(refusals)}, or of another form): answer 400, and forget it.",
                f"UnreadableNotification: {'it is genuine, and' if signed else 'it'} is not what the contract describes.",
                *(["ValueError: a secret is missing."] if signed else []),
            ),
        ),
    )
