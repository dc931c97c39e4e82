"""The grammar of what is signed and of what the API sends by itself: signatures and webhooks."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any, get_args

from sadpath.catalog.grammar import BOOLEAN, HEADER_NAME, NAME, POINTER
from sadpath.catalog.model import Webhook
from sadpath.catalog.readers import Choice, Key, ListOf, MapOf, Mapped, Node, Record, Words
from sadpath.runtime import signatures as wire

_PLACES = ("text", "secret", "form", "form_except", "header", "request", "param", "digest")
_PARAM = r"[a-z][a-z0-9_-]*"
_SECRET = Words(r"[a-z][a-z0-9_]*", "the name of a secret, such as `key`")
_PART = Record(
    lambda values, node: wire.Part(**values),
    {
        "text": Key(Words(), about="this text itself"),
        "secret": Key(_SECRET, about="a secret, by the name that callers give it under"),
        "form": Key(NAME, about="a member of the form, as it was received"),
        "form_except": Key(ListOf(NAME), about="all members but these, sorted by name and percent-encoded"),
        "header": Key(HEADER_NAME, about="the value of a header field"),
        "request": Key(Choice(get_args(wire.Fact)), about="a fact about the request"),
        "param": Key(Words(_PARAM, "an auth-param in small letters"), about="one of `params`"),
        "digest": Key(Choice(get_args(wire.Hash)), about="a hash of the body; nothing where there is none"),
        "encode": Key(Choice(get_args(wire.Spelling)), about="how the digest is spelt; base64 where nothing is said"),
        "percent_encoded": Key(BOOLEAN, about="the digest is percent-encoded (RFC 3986)"),
        "prefix": Key(Words(), about="what stands before the digest"),
    },
    exactly_one=_PLACES,
)
_AT = Record(
    lambda values, node: wire.Place(**values),
    {
        "form": Key(NAME, about="a member of the form"),
        "header": Key(HEADER_NAME, about="a header field"),
        "param": Key(
            Words(_PARAM, "an auth-param in small letters"),
            about="an auth-param of `Authorization` (RFC 9110, section 11.2)",
        ),
    },
    exactly_one=("form", "header", "param"),
)


def _signature(values: dict[str, Any], node: Node) -> wire.Signature:
    keyed = not values["algorithm"].startswith("sha")
    if keyed != ("key" in values):
        raise node.refuse("a `key` for an HMAC or for RSA, and none for a plain hash")
    if ("scheme" in values) != (values["at"].param is not None):
        raise node.refuse("`scheme` where the signature is an auth-param, and only there")
    return wire.Signature(name=node.place.pointer.rsplit("/", 1)[-1], **values)


SIGNATURE = Record(
    _signature,
    {
        "algorithm": Key(Choice(get_args(wire.Algorithm)), required=True, about="a plain hash, an HMAC or RSA"),
        "key": Key(_SECRET, about="the secret that is the key of the HMAC, or the public key of RSA"),
        "over": Key(ListOf(_PART), required=True, about="the parts that are joined, in order, as they were received"),
        "join": Key(Words(), about="what stands between the parts"),
        "end": Key(Words(), about="what stands after each part, the last one too"),
        "encode": Key(Choice(get_args(wire.Spelling)), required=True, about="how the signature is spelt"),
        "at": Key(_AT, required=True, about="where the signature stands"),
        "public_key": Key(Words(), about="where the public key is published"),
        "deprecated": Key(BOOLEAN, about="accepted only by callers that ask for it"),
        "scheme": Key(NAME, about="the security scheme of the requests that are signed so"),
        "params": Key(
            MapOf(_PART, key=_PARAM, key_what="an auth-param in small letters"),
            about="the further auth-params, in order",
        ),
    },
)


def _network(text: str) -> str:
    return str(ip_network(text))


WEBHOOK = Record(
    lambda values, node: Webhook(node.place, **values),
    {
        "payload": Key(NAME, about="the schema of what is sent; that of the body where nothing is said"),
        "within": Key(NAME, about="the member of the form whose text is the payload, as JSON"),
        "signature": Key(
            ListOf(NAME, or_one=True), about="entries of `signatures`: the first of them that is there counts"
        ),
        "addresses": Key(
            ListOf(Mapped(Words(), _network, "a network, such as `192.0.2.0/24`")),
            about="the networks that it comes from",
        ),
        "then": Key(Choice(("reread",)), about="ask the API itself before believing it"),
        "operation": Key(NAME, about="the operation to ask"),
        "bind": Key(
            MapOf(
                Record(
                    lambda values, node: values["body"],
                    {"body": Key(POINTER, required=True, about="a value in the payload")},
                )
            ),
            about="its arguments, from the payload",
        ),
    },
)
