"""View of the first page of a site: the APIs with what they hold, the comparison, the guides."""

from __future__ import annotations

from sadpath.reference.labels import Labels, labels
from sadpath.reference.markdown import Markdown, code, inline, prose
from sadpath.runtime.frozen import dataclass
from sadpath.site.guides import chosen_guides, guide_target
from sadpath.site.model import Publication, PublishedApi
from sadpath.site.words import words


@dataclass(frozen=True, slots=True)
class ApiCard:
    """An API: its title as a link, its version, and how much there is of what."""

    title: Markdown
    version: Markdown
    counts: tuple[Markdown, ...]


@dataclass(frozen=True, slots=True)
class HomeView:
    title: Markdown
    description: Markdown
    labels: Labels
    heads: tuple[Markdown, ...]
    apis: tuple[ApiCard, ...]
    apis_title: Markdown
    comparison: Markdown
    guides_title: Markdown
    guides: tuple[Markdown, ...]


def home_view(publication: Publication, locale: str) -> HomeView:
    """The page in a language."""
    found, said = words(locale), labels(locale)
    has_webhooks = any(api.service.notifications for api in publication.apis)
    heads = [said.version, said.operations, said.errors, said.models]
    if has_webhooks:
        heads.append(Markdown(found["webhooks"]))
    comparison = f"[{found['comparison']}](comparison.md) — {found['compare']}" if len(publication.compared) > 1 else ""
    guides = tuple(
        Markdown(f"[{inline(guide.title)}]({guide_target(guide)})")
        for guide in chosen_guides(publication.guides, locale)
    )
    return HomeView(
        title=inline(publication.title),
        description=prose(publication.description),
        labels=said,
        heads=tuple(heads),
        apis=tuple(_card(api, locale, has_webhooks) for api in publication.apis),
        apis_title=Markdown(found["apis"]),
        comparison=Markdown(comparison),
        guides_title=Markdown(found["guides"]),
        guides=guides,
    )


def _card(api: PublishedApi, locale: str, has_webhooks: bool) -> ApiCard:
    service = api.service
    counts = [sum(len(group.operations) for group in service.groups), len(service.failures), len(service.types)]
    if has_webhooks:
        counts.append(len(service.notifications))
    return ApiCard(
        title=Markdown(f"[{inline(api.title(locale))}]({api.folder}/README.md)"),
        version=code(service.version),
        counts=tuple(Markdown(str(count) if count else "–") for count in counts),
    )
