"""Receives what an API sends by itself: first whether it is genuine, on the bytes as they came, then what it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from ipaddress import ip_address, ip_network
from typing import Any, ClassVar, Final, cast
from urllib.parse import unquote_to_bytes

from .channels import Channel as Channel
from .channels import Notification
from .conversion import encode
from .headers import Headers
from .media import is_form, is_json, media_type_matches
from .notifications import UnreadableNotification, check_arguments, read_notification
from .pointers import MISSING, get
from .signatures import Message, MissingPart, Place, Secrets, is_genuine
from .trees import is_mapping
from .wire import JsonError, parse_json

_MOST_MEMBERS = 1000


class Unchecked(Enum):
    """The mark of an address that is not checked."""

    UNCHECKED = "unchecked"


UNCHECKED: Final = Unchecked.UNCHECKED
"""Stands where the address of the peer is asked for and not known: whoever gives it asks the API before believing the event."""


class UntrustedNotification(ValueError):
    """It cannot be shown to come from the API: answer with 400 or 401, and do not act on it.

    `body` holds it as it came; no text form of this shows it.
    """

    what: ClassVar[str] = "is not known to be genuine"

    def __init__(self, notification: str, body: bytes, reason: str | None = None) -> None:
        super().__init__(f"{notification}: {reason or self.what}")
        self.notification = notification
        self.body = body
        self.reason = reason or self.what

    def __reduce__(self) -> tuple[type[UntrustedNotification], tuple[str, bytes, str]]:
        return type(self), (self.notification, self.body, self.reason)


class SignatureMissing(UntrustedNotification):
    """There is no signature where the contract puts it."""

    what = "the signature is missing"


class SignatureInvalid(UntrustedNotification):
    """The signature is not that of this text under these secrets."""

    what = "the signature is wrong"


class ForeignAddress(UntrustedNotification):
    """It comes from an address that is none of the API's."""

    what = "the address is none of those that the API sends from"


def receive_webhook(
    channels: Sequence[Channel],
    headers: Mapping[str, str],
    body: bytes | str,
    secrets: Mapping[str, object] | None,
    *,
    address: str | Unchecked | None = UNCHECKED,
    accept_deprecated: bool = False,
) -> Any:
    """The event of a request, once it is known to be genuine. Nothing of it is written anew for that.

    Raises UntrustedNotification; UnreadableNotification for what is genuine, or comes from where it should where nothing
    is signed, and is not what the contract describes; and ValueError for a secret that is missing.
    """
    check_arguments(headers, body)
    raw = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    fields = Headers.of(headers)
    stated = fields.get("content-type")
    fitting = [channel for channel in channels if _may_be(channel, stated)]
    if not fitting:
        expected = " or ".join(sorted({channel.media_type for channel in channels}))
        raise UntrustedNotification(
            channels[0].label, raw, f"{expected} is expected, and this is of another media type"
        )
    refusal: ValueError | None = None
    for channel in fitting:
        try:
            return _received(channel, fields, raw, cast("Secrets", secrets or {}), address, accept_deprecated)
        except SignatureInvalid:
            # It was meant for this channel: what is not signed does not make up for it.
            raise
        except ValueError as error:
            if not isinstance(error, (UntrustedNotification, UnreadableNotification)):
                raise
            refusal = refusal or error
    assert refusal is not None
    raise refusal


def bound(channel: Channel, event: Any, places: Mapping[str, str]) -> dict[str, Any]:
    """The arguments that an event gives for asking again; `places` are JSON Pointers by argument. Raises ValueError."""
    tree = encode(channel.type, event)
    found = {argument: get(tree, pointer) for argument, pointer in places.items()}
    for argument, value in found.items():
        if value is MISSING or value is None:
            raise ValueError(f"the event does not hold {argument}, by which it would be asked about")
    return found


def _may_be(channel: Channel, stated: str | None) -> bool:
    """A form may also come as a JSON object of the same members, and a query as text without a media type."""
    if stated is None or media_type_matches(stated, [channel.media_type]):
        return True
    return channel.within is not None and is_json(stated)


def _received(
    channel: Channel,
    fields: Headers,
    raw: bytes,
    secrets: Secrets,
    address: str | Unchecked | None,
    accept_deprecated: bool,
) -> Any:
    if channel.addresses and address is not UNCHECKED and not _is_among(address, channel.addresses):
        raise ForeignAddress(channel.label, raw)
    members = _members(channel, fields, raw)
    if channel.signatures:
        _verify(channel, Message(members, fields, body=raw), raw, secrets, accept_deprecated)
    if channel.within is None:
        kind = Notification(channel.label, channel.media_type, channel.type)
        return read_notification(kind, raw, fields)
    inner = members.get(channel.within)
    if inner is None:
        raise UnreadableNotification(channel.label, f"the member {channel.within!r} is missing", raw)
    try:
        return read_notification(Notification(channel.label, "application/json", channel.type), inner)
    except UnreadableNotification as error:
        raise UnreadableNotification(channel.label, error.reason, raw) from error.__cause__


def _verify(channel: Channel, message: Message, raw: bytes, secrets: Secrets, accept_deprecated: bool) -> None:
    """Raises what says why none of the signatures holds."""
    accepted = [one for one in channel.signatures if accept_deprecated or not one.deprecated]
    there = [(one, found) for one in accepted if (found := _standing(one.at, message))]
    if not there:
        raise SignatureMissing(channel.label, raw)
    # Where several are there, the first that the contract names counts: a weaker one does not make up for it.
    signature, given = there[0]
    try:
        genuine = is_genuine(signature, message, given, secrets)
    except MissingPart as error:
        raise SignatureInvalid(channel.label, raw, str(error)) from None
    if not genuine:
        raise SignatureInvalid(channel.label, raw)


def _standing(place: Place, message: Message) -> str | None:
    if place.header is not None:
        return message.headers.get(place.header)
    found = message.forms.get(place.form or "")
    return found.decode("latin-1") if found is not None else None


def _members(channel: Channel, fields: Headers, raw: bytes) -> dict[str, bytes]:
    """The members of the form as bytes, decoded and nothing else; each name once, or nobody knows which one counts."""
    if not is_form(channel.media_type):
        return {}
    if is_json(fields.get("content-type")):
        return _json_members(channel, raw)
    pairs = [pair.partition(b"=") for pair in raw.split(b"&", _MOST_MEMBERS) if pair]
    members = {_plain(name).decode("utf-8", "replace"): _plain(value) for name, _, value in pairs}
    if len(members) != len(pairs):
        raise UntrustedNotification(channel.label, raw, "a member is there twice")
    return members


def _json_members(channel: Channel, raw: bytes) -> dict[str, bytes]:
    try:
        tree = parse_json(raw, unique=True)
    except JsonError as error:
        raise UntrustedNotification(channel.label, raw, str(error)) from None
    if not is_mapping(tree):
        raise UntrustedNotification(channel.label, raw, "is no JSON object")
    return {name: value.encode("utf-8", "surrogatepass") for name, value in tree.items() if isinstance(value, str)}


def _plain(text: bytes) -> bytes:
    return unquote_to_bytes(text.replace(b"+", b" "))


def _is_among(address: object, networks: Sequence[str]) -> bool:
    """What is no address, or none that anybody knows, is nobody's."""
    try:
        found = ip_address(address) if isinstance(address, str) else None
    except ValueError:
        found = None
    if found is None:
        return False
    # A socket that listens to both families shows an IPv4 address inside an IPv6 one.
    mapped = getattr(found, "ipv4_mapped", None) or found
    return any(mapped in ip_network(network) for network in networks)
