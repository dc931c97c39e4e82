"""View of the page about what the API sends by itself: its webhooks and the callbacks of its operations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sadpath.ir.service import Notification
from sadpath.reference.markdown import Markdown, code, inline, line, prose
from sadpath.reference.pages import Page, PageMaker


@dataclass(frozen=True, slots=True)
class NotificationSection:
    heading: Markdown
    request: Markdown
    operation: Markdown
    call: Markdown
    description: Markdown
    body: Markdown
    answers: tuple[tuple[Markdown, Markdown], ...]


@dataclass(frozen=True, slots=True)
class WebhooksView:
    page: Page
    sections: tuple[NotificationSection, ...]


def webhooks_page(maker: PageMaker, parsers: Mapping[int, str]) -> WebhooksView:
    """The page; `parsers` are the functions by the position of what they read."""
    sections = tuple(
        _section(notification, parsers.get(index), maker)
        for index, notification in enumerate(maker.service.notifications)
    )
    return WebhooksView(maker.page("webhooks.md", maker.labels.webhooks), sections)


def _section(notification: Notification, parser: str | None, maker: PageMaker) -> NotificationSection:
    target = notification.url or notification.name
    text = notification.description or ""
    body = Markdown("")
    if notification.type is not None:
        body = Markdown(f"{code(notification.media_type or '')}: {maker.types.spell(notification.type, 'models.md')}")
    if notification.deprecated:
        text = f"{text}\n\n{maker.labels.deprecated}."
    return NotificationSection(
        heading=inline(notification.summary or notification.name),
        request=code(f"{notification.method} {target}"),
        operation=maker.names.calls[notification.operation] if notification.operation is not None else Markdown(""),
        call=Markdown(f" · {code(f'webhooks.{parser}(body, headers)')}" if parser is not None else ""),
        description=prose(text),
        body=body,
        answers=tuple((inline(status), line(text or "")) for status, text in notification.answers),
    )
