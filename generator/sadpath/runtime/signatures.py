"""Signatures as a contract composes them: what is joined, under which algorithm, and where the signature stands."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from importlib import import_module
from itertools import product
from typing import Final, Literal, TypeVar, cast
from urllib.parse import quote

from .frozen import dataclass

T = TypeVar("T")

Algorithm = Literal["sha1", "sha256", "sha512", "hmac-sha1", "hmac-sha256", "hmac-sha512", "rsa-sha256"]
Hash = Literal["sha1", "sha256", "sha512"]
Spelling = Literal["hex", "hex-upper", "base64"]
Fact = Literal["time", "nonce", "method", "target", "host", "port", "body"]
Secrets = Mapping[str, "str | Sequence[str]"]
"""What only the two sides know, by the names that the contract gives them; several of one name while one is replaced."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of what is signed; exactly one of the places is given.

    `form` is a member of the form or JSON object as it was received; `form_except` are all others, sorted by name and
    percent-encoded (RFC 3986), as `a=1&b=2`; `param` is an auth-param of the same `Authorization`; `digest` is a hash
    of the body, nothing where there is none, with `prefix` before it. `request` is a fact: the time in seconds since
    1970, a nonce, the method, the target with its query, the host in small letters, the port, the body.
    """

    text: str | None = None
    secret: str | None = None
    form: str | None = None
    form_except: tuple[str, ...] | None = None
    header: str | None = None
    request: Fact | None = None
    param: str | None = None
    digest: Hash | None = None
    encode: Spelling = "base64"
    percent_encoded: bool = False
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a signature stands: a member of the form, a header field, or an auth-param; exactly one is given."""

    form: str | None = None
    header: str | None = None
    param: str | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """How a request or a message is signed.

    `key` names the secret that is the key of an HMAC, or the public key of RSA (PKCS #1 v1.5). `join` stands between
    the parts, `end` after each. `scheme` is the security scheme of the requests that are signed so, and `params` are
    the further auth-params. One that is `deprecated` is accepted only where that is asked for.
    """

    name: str
    algorithm: Algorithm
    over: tuple[Part, ...]
    encode: Spelling
    at: Place
    key: str | None = None
    join: str = ""
    end: str = ""
    public_key: str | None = None
    deprecated: bool = False
    scheme: str | None = None
    params: Mapping[str, Part] = field(default_factory=dict[str, Part])

    @property
    def secrets(self) -> tuple[str, ...]:
        """The names of what has to be known to make it, or to check it."""
        parts = (*self.over, *self.params.values())
        names = dict.fromkeys(part.secret for part in parts if part.secret is not None)
        return (*((self.key,) if self.key is not None else ()), *(name for name in names if name != self.key))


@dataclass(frozen=True, slots=True)
class Message:
    """What is signed, as it came or as it will be sent: nothing of it is written anew."""

    forms: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    facts: Mapping[Fact, str] = field(default_factory=dict[Fact, str])
    params: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes = b""


class MissingPart(ValueError):
    """Something that is signed is not there."""


def is_genuine(signature: Signature, message: Message, given: str, secrets: Secrets) -> bool:
    """Whether `given` signs the message, compared in constant time. Raises MissingPart, and ValueError for a secret that is missing."""
    wanted = _decoded(given, signature.encode)
    if wanted is None:
        return False
    # Every choice is tried, so that the time tells nothing about which one fits.
    found = [_fits(signature, message, wanted, chosen) for chosen in _choices(signature, secrets)]
    return any(found)


def sign(signature: Signature, message: Message, secrets: Mapping[str, str]) -> str:
    """The signature as it is spelt; raises ValueError for RSA, whose private key only the other side has."""
    made = _signed(signature, _text(signature, message, secrets), secrets)
    return spelt(made, signature.encode)


def part_text(part: Part, message: Message, secrets: Mapping[str, str]) -> bytes:
    """What one part adds. Raises MissingPart."""
    if part.text is not None:
        return part.text.encode("utf-8")
    if part.secret is not None:
        return secrets[part.secret].encode("utf-8")
    if part.form is not None:
        return _found(message.forms, part.form, "member")
    if part.form_except is not None:
        return _pairs(message.forms, part.form_except)
    if part.header is not None:
        return _found(message.headers, part.header, "header field").encode("utf-8")
    if part.param is not None:
        return _found(message.params, part.param, "auth-param").encode("utf-8")
    if part.request is not None:
        return message.body if part.request == "body" else message.facts[part.request].encode("utf-8")
    return _digest(part, message)


def spelt(data: bytes, spelling: Spelling) -> str:
    """Bytes as text."""
    if spelling == "base64":
        return base64.b64encode(data).decode("ascii")
    return data.hex().upper() if spelling == "hex-upper" else data.hex()


def _found(values: Mapping[str, T], name: str, what: str) -> T:
    if name not in values:
        raise MissingPart(f"the {what} {name!r}, which is signed, is missing")
    return values[name]


def _pairs(forms: Mapping[str, bytes], left_out: tuple[str, ...]) -> bytes:
    pairs = (
        f"{quote(name, safe='')}={quote(value, safe='')}"
        for name, value in sorted(forms.items())
        if name not in left_out
    )
    return "&".join(pairs).encode("ascii")


def _digest(part: Part, message: Message) -> bytes:
    if part.digest is None or not message.body:
        return b""
    text = spelt(hashlib.new(part.digest, message.body).digest(), part.encode)
    return f"{part.prefix}{quote(text, safe='') if part.percent_encoded else text}".encode()


def _text(signature: Signature, message: Message, secrets: Mapping[str, str]) -> bytes:
    parts = (part_text(part, message, secrets) + signature.end.encode("utf-8") for part in signature.over)
    return signature.join.encode("utf-8").join(parts)


def _choices(signature: Signature, secrets: Secrets) -> Iterator[dict[str, str]]:
    """One secret of each name, in every way."""
    names = signature.secrets
    values: list[Sequence[str]] = []
    for name in names:
        given: object = secrets.get(name) or ()
        found: list[object] = [given] if isinstance(given, str | bytes) else list(cast("Iterable[object]", given))
        # An empty secret would let everybody sign.
        if not found or not all(isinstance(one, str) and one for one in found):
            raise ValueError(f"the secret {name!r} is needed: a text that is not empty, or several")
        values.append(cast("Sequence[str]", found))
    for chosen in product(*values):
        yield dict(zip(names, chosen, strict=True))


def _fits(signature: Signature, message: Message, wanted: bytes, secrets: Mapping[str, str]) -> bool:
    text = _text(signature, message, secrets)
    if signature.algorithm == "rsa-sha256":
        return _is_signed_by(secrets[signature.key or ""], text, wanted)
    return hmac.compare_digest(_signed(signature, text, secrets), wanted)


def _signed(signature: Signature, text: bytes, secrets: Mapping[str, str]) -> bytes:
    match signature.algorithm:
        case "sha1" | "sha256" | "sha512":
            return hashlib.new(signature.algorithm, text).digest()
        case "rsa-sha256":
            raise ValueError("only the other side, which has the private key, signs with RSA")
        case "hmac-sha1" | "hmac-sha256" | "hmac-sha512":
            key = secrets[signature.key or ""].encode("utf-8")
            return hmac.digest(key, text, signature.algorithm.removeprefix("hmac-"))


def _decoded(text: str, spelling: Spelling) -> bytes | None:
    """The bytes of a signature, in capitals or not; None for what is none."""
    try:
        if spelling == "base64":
            return base64.b64decode(text.encode("ascii"), validate=True)
        return binascii.unhexlify(text.encode("ascii"))
    except ValueError:
        return None


_CRYPTOGRAPHY: Final = (
    "cryptography.exceptions",
    *(
        f"cryptography.hazmat.primitives.{name}"
        for name in ("asymmetric.padding", "asymmetric.rsa", "hashes", "serialization")
    ),
)


def _is_signed_by(public_key: str, text: bytes, given: bytes) -> bool:
    """RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017, section 8.2). Raises ValueError for what is no public key of RSA."""
    # By name: a type checker of somebody without the package, which most do not need, has nothing to complain of.
    try:
        exceptions, padding, rsa, hashes, serialization = map(import_module, _CRYPTOGRAPHY)
    except ImportError:
        raise RuntimeError("signatures of RSA are checked by the package `cryptography`: install it") from None
    try:
        key = serialization.load_pem_public_key(public_key.encode("ascii"))
    except ValueError:
        raise ValueError("the public key is no key in PEM") from None
    if not isinstance(key, rsa.RSAPublicKey):
        raise ValueError("the public key is not one of RSA")
    try:
        key.verify(given, text, padding.PKCS1v15(), hashes.SHA256())
    except exceptions.InvalidSignature:
        return False
    return True
