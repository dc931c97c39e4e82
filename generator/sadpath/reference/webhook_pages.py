"""View of the page about what the API sends by itself: its webhooks and the callbacks of its operations."""

from __future__ import annotations

from collections.abc import Mapping

from sadpath.ir.service import Notification
from sadpath.reference.markdown import Markdown, code, inline, line, prose
from sadpath.reference.page_views import Page
from sadpath.reference.pages import PageMaker
from sadpath.reference.trust import Naming, trusted
from sadpath.runtime.frozen import dataclass


@dataclass(frozen=True, slots=True)
class NotificationSection:
    heading: Markdown
    request: Markdown
    operation: Markdown
    call: Markdown
    description: Markdown
    body: Markdown
    trust: tuple[Markdown, ...]
    answers: tuple[tuple[Markdown, Markdown], ...]


@dataclass(frozen=True, slots=True)
class WebhooksView:
    page: Page
    sections: tuple[NotificationSection, ...]


def webhooks_page(maker: PageMaker, parsers: Mapping[int, str], asks: Mapping[str, str]) -> WebhooksView:
    """The page; `parsers` are the functions by the position of what they read, `asks` those that ask again by webhook."""
    named = Naming(lambda kind: maker.types.spell(kind, "models.md"), maker.names.calls, asks)
    trust = trusted(maker.service, maker.locale, named)
    sections = tuple(
        _section(notification, parsers.get(index), trust.get(notification.name, ()), maker)
        for index, notification in enumerate(maker.service.notifications)
    )
    return WebhooksView(maker.page("webhooks.md", maker.labels.webhooks), sections)


def _section(
    notification: Notification, parser: str | None, trust: tuple[Markdown, ...], maker: PageMaker
) -> NotificationSection:
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
        # Where there is one that checks who sent it, the one that only reads is not what to copy.
        call=Markdown(f" · {code(f'webhooks.{parser}(body, headers)')}" if parser is not None and not trust else ""),
        description=prose(text),
        body=body,
        trust=trust,
        answers=tuple((inline(status), line(text or "")) for status, text in notification.answers),
    )
