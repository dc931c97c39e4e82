"""Reads what an API sends by itself: the bodies of webhooks and callbacks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from .channels import Notification as Notification
from .conversion import decode
from .forms import decode_form
from .headers import Headers
from .media import charset_of, is_form, is_json, media_type_matches
from .references import resolved
from .wire import JsonError, parse_json


class UnreadableNotification(ValueError):
    """The body is not what the contract describes; `body` holds it as it came, and no text form of this shows it."""

    def __init__(self, notification: str, reason: str, body: bytes) -> None:
        super().__init__(f"{notification}: {reason}")
        self.notification = notification
        self.reason = reason
        self.body = body

    def __reduce__(self) -> tuple[type[UnreadableNotification], tuple[str, str, bytes]]:
        return type(self), (self.notification, self.reason, self.body)


def read_notification(notification: Notification, body: bytes | str, headers: Mapping[str, str] | None = None) -> Any:
    """The value of a body, read as answers are: members that the contract does not know are kept.

    `headers` are those of the request; they say which character set it is written in. Raises UnreadableNotification.
    """
    check_arguments(headers, body)
    raw = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    stated = Headers.of(headers).get("content-type") if headers is not None else None
    if stated is not None and not media_type_matches(stated, [notification.media_type]):
        reason = f"{notification.media_type} is expected, and this is of another media type"
        raise UnreadableNotification(notification.name, reason, raw)
    try:
        return _read(notification, raw, None if isinstance(body, str) else charset_of(stated))
    except JsonError as error:
        raise UnreadableNotification(notification.name, str(error), raw) from None
    except ValidationError as error:
        raise UnreadableNotification(notification.name, "is not what the contract describes", raw) from error
    except ValueError:
        raise UnreadableNotification(notification.name, "cannot be read", raw) from None


def check_arguments(headers: object, body: object) -> None:
    """Raises TypeError where they are mistaken for each other."""
    if headers is not None and not isinstance(headers, Mapping):
        raise TypeError("headers are a mapping of names to values")
    if not isinstance(body, bytes | str):
        raise TypeError("the body is bytes, or a text")


def _read(notification: Notification, raw: bytes, charset: str | None) -> Any:
    if is_json(notification.media_type):
        return decode(notification.type, parse_json(raw, charset=charset, unique=True))
    if is_form(notification.media_type):
        return decode(notification.type, decode_form(notification.type, raw))
    return raw if resolved(notification.type) is bytes else raw.decode(charset or "utf-8")
