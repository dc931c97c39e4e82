"""Views of the reference's pages: the index, a page a resource, the models, and a page an error."""

from __future__ import annotations

from sadpath.catalog.model import Text
from sadpath.ir.service import Failure, Group, Operation, Service
from sadpath.ir.types import Alias, Enumeration, Record, TaggedUnion
from sadpath.naming.scope import allocate, bounded
from sadpath.naming.words import snake
from sadpath.phrases import outcome_phrase, phrases
from sadpath.reference.access import credentials, described, servers
from sadpath.reference.constants import caption, constants
from sadpath.reference.finding_out import finding_out, is_assumed, repeated
from sadpath.reference.labels import labels, switch
from sadpath.reference.markdown import Markdown, cell_code, code, inline, line, prose
from sadpath.reference.messages import answer_texts, body_text
from sadpath.reference.page_views import (
    ErrorRow,
    IndexView,
    Link,
    ModelSection,
    ModelsView,
    OperationSection,
    Page,
    PageNames,
    ResourceView,
    Row,
    UnlistedView,
)
from sadpath.reference.policies import duration
from sadpath.reference.types import Types, anchor
from sadpath.runtime.contract import IdempotencyScheme
from sadpath.runtime.protection import ASSUMED_RETENTION

UNLISTED = (
    "AnswerLostOutcomeUnknown",
    "AnswerLost",
    "UnrecognizedOutcomeUnknown",
    "Unrecognized",
    "NotSent",
    "Unreadable",
    "UnresolvedOutcomeUnknown",
    "Unresolved",
    "KeyRefused",
)
"""The classes that an API has beside its catalog, the ones to know first."""


class PageMaker:
    """Makes the pages of one service in one locale; with `site`, those of a site, which has the navigation around them."""

    def __init__(self, service: Service, names: PageNames, locale: str, *, site: bool = False) -> None:
        self._site = site
        self.service = service
        self.names = names
        self.types = Types({declaration.name: names.types[declaration.name] for declaration in service.types})
        self._resources = allocate({group.name: group.name for group in service.groups}, snake, prefix="root")
        self.locale = locale
        self.labels = labels(locale)

    def text(self, found: Text) -> str:
        """A catalog text in this page's locale."""
        return found.get(self.locale, self.service.default_locale)

    def page(self, path: str, title: Markdown) -> Page:
        """The frame of a page at `path`."""
        if self._site:
            return Page(path, self.labels, title, Markdown(""), None, alone=False)
        up = "../" * path.count("/")
        languages = switch({locale: f"../{up}{locale}/{path}" for locale in self.service.locales}, self.locale)
        back = None if path == "README.md" else Link(self.labels.back, Markdown(f"{up}README.md"))
        return Page(path, self.labels, title, languages, back)

    def error_link(self, failure: Failure, up: str) -> Markdown:
        id = failure.entry.contract.id
        name = code(self.names.failures[id]) if self.is_called else self.codes(failure)
        return Markdown(f"[{name}]({up}{error_path(id)})")

    def index(self) -> IndexView:
        """The table of contents."""
        rows = {raised: tuple(self._row(item) for item in self._failures(raised)) for raised in ("always", "opt_in")}
        operations = tuple(
            (
                Markdown(
                    f"[{inline(self.heading(operation))}]({self.resource_path(group)}#{anchor(self.heading(operation))})"
                ),
                cell_code(f"{operation.method} {operation.path}"),
                self.names.calls[operation.id],
            )
            for group in self.service.groups
            for operation in group.operations
        )
        title = self.text(self.service.catalog_title) or self.service.title
        return IndexView(
            page=self.page("README.md", inline(title)),
            version=inline(self.service.version),
            description=prose(self.service.description or ""),
            resources=tuple(
                Link(inline(group.title or group.name), Markdown(self.resource_path(group)))
                for group in self.service.groups
            ),
            operations=operations,
            errors=rows["always"],
            outcomes=rows["opt_in"],
            families=tuple(
                (
                    inline(f"{family.contract.first}–{family.contract.last}"),
                    cell_code(self.names.families[family.contract.name]),
                    inline(self.text(family.title)),
                )
                for family in self.service.families
            ),
            unlisted=tuple(Link(code(name), Markdown(f"errors/unlisted.md#{name.lower()}")) for name in self._unlisted),
            derived=self.service.derived,
            servers=tuple((code(url), line(text)) for url, text in self.service.servers),
            webhooks=bool(self.service.notifications),
            is_called=self.is_called,
            constants=tuple(map(caption, self._constants)),
        )

    @property
    def is_called(self) -> bool:
        """Whether there are operations; without any, no failure is an answer, and none can be caught."""
        return bool(self.service.groups)

    @property
    def _constants(self) -> tuple[str, ...]:
        """The names of the attributes that only tell errors apart, where nothing else does."""
        found = [name for item in self.service.failures for name in constants(item)]
        return tuple(dict.fromkeys(found)) if not self.is_called else ()

    @property
    def _unlisted(self) -> tuple[str, ...]:
        """Without keys, none can be refused."""
        return tuple(name for name in UNLISTED if name != "KeyRefused" or self.service.contract.idempotency)

    def unlisted(self) -> UnlistedView:
        """The page of the classes that the API has beside its catalog."""
        words = phrases(self.locale)
        sections = tuple((code(name), prose(words[f"unlisted.{name}"])) for name in self._unlisted)
        return UnlistedView(self.page("errors/unlisted.md", self.labels.unlisted), sections)

    def _failures(self, raised: str) -> tuple[Failure, ...]:
        return tuple(failure for failure in self.service.failures if failure.entry.contract.raised == raised)

    def _row(self, failure: Failure) -> ErrorRow:
        contract = failure.entry.contract
        own = constants(failure)
        first_sentence = outcome_phrase(contract, self.locale).split(". ")[0].rstrip(".")
        return ErrorRow(
            status=self.statuses(failure),
            code=self.codes(failure),
            error=self.error_link(failure, ""),
            constants=tuple(own.get(name, Markdown("")) for name in self._constants),
            title=line(self.text(failure.entry.title)),
            outcome=inline(first_sentence),
        )

    def statuses(self, failure: Failure) -> Markdown:
        return (
            inline(", ".join(failure.entry.contract.match.statuses))
            if failure.entry.contract.match.statuses
            else self.labels.any
        )

    def codes(self, failure: Failure) -> Markdown:
        match = failure.entry.contract.match
        if match.other_codes:
            return self.labels.other_codes
        return Markdown(", ".join(cell_code(str(found)) for found in match.codes) or "–")

    def resource_path(self, group: Group) -> str:
        """The page of a group, from the index."""
        return f"resources/{self._resources[group.name]}.md"

    def heading(self, operation: Operation) -> str:
        """An operation's name for people: the catalog's in this locale, else the document's."""
        return self.text(operation.title) or operation.summary or operation.id

    def resource(self, group: Group) -> ResourceView:
        """The page of one group of operations."""
        return ResourceView(
            page=self.page(self.resource_path(group), inline(group.title or group.name)),
            description=prose(group.description or ""),
            operations=tuple(self._operation(operation) for operation in group.operations),
        )

    def _operation(self, operation: Operation) -> OperationSection:
        models = "../models.md"
        parameters = tuple(
            (
                cell_code(item.wire_name),
                cell_code(self.names.arguments[operation.id, item.location, item.wire_name]),
                inline(item.location),
                self.types.spell(item.type, models),
                self.labels.yes if item.required else self.labels.no,
                described(item, self.labels),
            )
            for item in operation.parameters
        )
        scheme = self.service.contract.idempotency.get(operation.idempotency or "")
        effects = {
            "read": self.labels.effect_read,
            "idempotent": self.labels.effect_idempotent,
            "once": self.labels.effect_once,
        }
        return OperationSection(
            heading=inline(self.heading(operation)),
            request=code(f"{operation.method} {operation.path}"),
            call=self.names.calls[operation.id],
            description=prose(self.text(operation.about) or operation.description or ""),
            effect=effects[operation.effect],
            repeated=repeated(operation, self.locale),
            finding_out=finding_out(operation, self.service.contract, self._asked(operation), self.locale),
            credentials=credentials(operation, self.labels, self.service.contract.signatures),
            servers=servers(operation),
            parameters=parameters,
            key=self._key(operation, scheme),
            pages=self._paging(operation),
            body=body_text(operation.body, self.types, models),
            answers=answer_texts(operation, self.types, models, self.labels),
            errors=tuple(
                Markdown(f"{self.error_link(item, '../')} {inline(self.text(item.entry.title))}")
                for item in self.service.failures
                if item.entry.contract.id in operation.failures
            ),
        )

    def _asked(self, operation: Operation) -> Markdown:
        """A link to the operation that a lookup asks, from the page of another one."""
        if operation.lookup is None:
            return Markdown("")
        asked = operation.lookup.operation
        found = next(
            ((group, one) for group in self.service.groups for one in group.operations if one.id == asked), None
        )
        if found is None:
            return Markdown("")
        heading = self.heading(found[1])
        return Markdown(f"[{inline(heading)}](../{self.resource_path(found[0])}#{anchor(heading)})")

    def _key(self, operation: Operation, scheme: IdempotencyScheme | None) -> Markdown:
        """What the operation's idempotency key is called, on the wire and in code, and how long it holds."""
        if scheme is None:
            return Markdown("")
        text = f"{code(scheme.header)} · {code('idempotency_key=')}: {self.labels.key_made}"
        if scheme.retention is not None:
            text += f"; {self.labels.key_retention} {inline(duration(scheme.retention, self.locale))}"
        elif is_assumed(operation, scheme):
            text += f"; {self.labels.key_assumed} {inline(duration(ASSUMED_RETENTION, self.locale))}"
        return Markdown(f"{text}.")

    def _paging(self, operation: Operation) -> Markdown:
        if operation.page is None:
            return Markdown("")
        call = self.names.calls[operation.id].strip("`").removesuffix("(...)")
        return Markdown(f"{self.labels.pages} {code(f'{call}.pages(...)')}, {code(f'{call}.items(...)')}")

    def _member(self, owner: str, wire_name: str) -> Markdown:
        """The name of a member on the wire, and in Python where that is another one."""
        name = self.names.fields[owner, wire_name]
        return cell_code(wire_name) if name == wire_name else Markdown(f"{cell_code(wire_name)} · {cell_code(name)}")

    def models(self) -> ModelsView:
        """The page of all models."""
        sections: list[ModelSection] = []
        for declaration in self.service.types:
            members: tuple[Row, ...] = ()
            values: tuple[tuple[Markdown, Markdown], ...] = ()
            target = Markdown("")
            match declaration:
                case Record(fields=fields):
                    members = tuple(
                        (
                            self._member(declaration.name, field.wire_name),
                            self.types.spell(field.type, ""),
                            self.labels.yes if field.required else self.labels.no,
                            self.labels.yes if field.nullable else self.labels.no,
                            described(field, self.labels),
                        )
                        for field in fields
                    )
                case Enumeration(values=listed):
                    values = tuple((cell_code(str(value.value)), line(value.description or "")) for value in listed)
                case TaggedUnion(variants=variants):
                    values = tuple((cell_code(variant.tag), self.types.spell(variant.type, "")) for variant in variants)
                case Alias(target=aliased):
                    target = self.types.spell(aliased, "")
            sections.append(
                ModelSection(
                    inline(self.names.types[declaration.name]),
                    prose(declaration.description or ""),
                    members,
                    values,
                    target,
                )
            )
        return ModelsView(self.page("models.md", self.labels.models), tuple(sections))


def error_path(id: str) -> str:
    """The page of an error, from the index."""
    return f"errors/{bounded(id)}.md"
