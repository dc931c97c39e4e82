"""Says on the page of webhooks how each is shown to be genuine: what is signed, who sends it, and whom to ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from sadpath.ir.service import Channel, Service, Webhook
from sadpath.ir.types import TypeRef
from sadpath.phrases import spoken
from sadpath.reference.markdown import Markdown, code, inline
from sadpath.runtime.frozen import dataclass
from sadpath.runtime.signatures import Part, Signature

_ENGLISH: Final[Mapping[str, str]] = {
    "call": "{call} gives {type}, once it is known to be genuine.",
    "signed": "Signed with {algorithm} over {parts}; the signature is {place}, spelt in {encode}.",
    "deprecated": "An old signature, which counts only with {flag}: {algorithm} over {parts}, {place}.",
    "key": "The key is the secret {name}.",
    "public_key": "The public key is the secret {name}, in PEM{where}; it needs `pip install cryptography`.",
    "published": ", published at {url}",
    "join": "joined by {text}",
    "end": "each followed by {text}",
    "within": "The event is the JSON text in the member {name}.",
    "addresses": "It is sent from {addresses}: give the address of the peer as {argument}, or {unchecked} where you do not know it.",
    "unsigned": "It is not signed.",
    "reread": "What it says is asked about before it is believed: {call}, which is {operation}.",
    "text": "the text {text}",
    "secret": "the secret {text}",
    "form": "the member {text} as it was received",
    "form_except": "all members but {text}, sorted by name and percent-encoded",
    "header": "the header field {text}",
    "request.time": "the time in seconds",
    "request.nonce": "a nonce",
    "request.method": "the method",
    "request.target": "the path with its query",
    "request.host": "the host",
    "request.port": "the port",
    "request.body": "the body as it was received",
    "param": "the auth-param {text}",
    "digest": "{text} of the body",
    "at.form": "in the member {text}",
    "at.header": "in the header field {text}",
    "at.param": "in the auth-param {text}",
    "spelt.hex": "hexadecimal digits",
    "spelt.hex-upper": "hexadecimal digits, capitals",
    "spelt.base64": "Base64",
}
_RUSSIAN: Final[Mapping[str, str]] = {
    "call": "{call} возвращает {type}, когда подлинность подтверждена.",
    "signed": "Подпись {algorithm}; подписывается: {parts}. Подпись — {place}, запись — {encode}.",
    "deprecated": "Прежняя подпись принимается только с {flag}: {algorithm}; подписывается: {parts}; {place}.",
    "key": "Ключ — секрет {name}.",
    "public_key": "Открытый ключ — секрет {name} в формате PEM{where}; нужен `pip install cryptography`.",
    "published": ", опубликован по адресу {url}",
    "join": "между частями — {text}",
    "end": "после каждой части — {text}",
    "within": "Событие — это JSON в поле {name}.",
    "addresses": "Приходит с адресов {addresses}: передайте адрес отправителя в {argument} или {unchecked}, если он неизвестен.",
    "unsigned": "Подписи нет.",
    "reread": "Сначала спросите API, потом верьте: {call}, то есть {operation}.",
    "text": "текст {text}",
    "secret": "секрет {text}",
    "form": "поле {text}, как оно получено",
    "form_except": "все поля, кроме {text}, по алфавиту, в процентной кодировке",
    "header": "заголовок {text}",
    "request.time": "время в секундах",
    "request.nonce": "одноразовое число",
    "request.method": "метод",
    "request.target": "путь вместе со строкой запроса",
    "request.host": "хост",
    "request.port": "порт",
    "request.body": "тело, как оно получено",
    "param": "параметр {text}",
    "digest": "{text} от тела",
    "at.form": "в поле {text}",
    "at.header": "в заголовке {text}",
    "at.param": "в параметре {text}",
    "spelt.hex": "шестнадцатеричная",
    "spelt.hex-upper": "шестнадцатеричная, заглавными буквами",
    "spelt.base64": "Base64",
}


@dataclass(frozen=True, slots=True)
class Naming:
    """What pages call things: types, the calls of operations by id, and the functions that ask again by webhook."""

    type_of: Callable[[TypeRef], Markdown]
    calls: Mapping[str, Markdown]
    asks: Mapping[str, str]


def trusted(service: Service, locale: str, named: Naming) -> dict[str, tuple[Markdown, ...]]:
    """What to say of each webhook that the catalog knows how to trust, by its name."""
    words = spoken(locale, {"en": _ENGLISH, "ru": _RUSSIAN})
    return {
        webhook.name: tuple(Markdown(text) for text in _said(channel, webhook, words, named))
        for channel in service.channels
        for webhook in channel.webhooks
    }


def _said(channel: Channel, webhook: Webhook, words: Mapping[str, str], named: Naming) -> list[str]:
    arguments = "headers, raw_body, secrets" + (", address=..." if channel.addresses else "")
    found = [words["call"].format(call=code(f"webhooks.parse_webhook({arguments})"), type=named.type_of(channel.type))]
    if channel.within is not None:
        found.append(words["within"].format(name=code(channel.within)))
    for signature in channel.signatures:
        found += _signed(signature, words)
    if not channel.signatures:
        found.append(words["unsigned"])
    if channel.addresses:
        addresses = ", ".join(code(one) for one in channel.addresses)
        found.append(
            words["addresses"].format(addresses=addresses, argument=code("address"), unchecked=code("UNCHECKED"))
        )
    if webhook.operation is not None:
        call = code(f"webhooks.{named.asks[webhook.name]}(client, event)")
        found.append(words["reread"].format(call=call, operation=named.calls[webhook.operation]))
    return found


def _signed(signature: Signature, words: Mapping[str, str]) -> list[str]:
    parts = [_part(part, words) for part in signature.over]
    for name, text in (("join", signature.join), ("end", signature.end)):
        if text:
            parts.append(words[name].format(text=code(_visible(text))))
    form, header, param = signature.at.form, signature.at.header, signature.at.param
    kind = "form" if form is not None else "header" if header is not None else "param"
    said = words["deprecated" if signature.deprecated else "signed"].format(
        algorithm=signature.algorithm.upper().replace("-SHA", "-SHA-"),
        parts=", ".join(parts),
        place=words[f"at.{kind}"].format(text=code(form or header or param or "")),
        encode=words[f"spelt.{signature.encode}"],
        flag=code("accept_deprecated=True"),
    )
    found = [said]
    if signature.key is not None and signature.algorithm.startswith("rsa"):
        where = words["published"].format(url=inline(signature.public_key)) if signature.public_key else ""
        found.append(words["public_key"].format(name=code(signature.key), where=where))
    elif signature.key is not None:
        found.append(words["key"].format(name=code(signature.key)))
    return found


def _part(part: Part, words: Mapping[str, str]) -> str:
    if part.request is not None:
        return words[f"request.{part.request}"]
    if part.form_except is not None:
        return words["form_except"].format(text=", ".join(code(name) for name in part.form_except))
    for name in ("text", "secret", "form", "header", "param", "digest"):
        value = getattr(part, name)
        if value is not None:
            return words[name].format(text=code(_visible(value)))
    raise AssertionError("a part has one place")


def _visible(text: str) -> str:
    return text.replace("\n", "\\n").replace("\t", "\\t")
