"""References of one document and of the files beside it: URI reference plus JSON Pointer to a place that exists."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import urljoin

from sadpath.diagnostics import Report, did_you_mean, quote
from sadpath.diagnostics import rules_openapi as rules
from sadpath.source import pointer as pointers
from sadpath.source.fetched import Fetch, FetchError, syntax_of_fetched, url_problem, without_credentials
from sadpath.source.loader import display_path, parse_bytes, read_bytes
from sadpath.source.place import Place
from sadpath.source.resources import NOWHERE, Resources, absolute, resources_of
from sadpath.source.text import Source
from sadpath.source.tree import is_mapping, lookup, step

_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_NAMES: Final = re.compile(r"\$(?i:id|self|anchor|dynamicAnchor|[a-z]{0,12}\\[xu\n\r])|\\(?i:u0024|x24|U00000024)")
"""What gives parts of a document names of their own, also where escapes stand for some of its letters."""
_LEAVE: Final = "allow it with `--allow {0}` or `allow` in the configuration"
_WEB: Final = re.compile(r"https?:", re.IGNORECASE)


class Sources:
    """The root document and the files that its references reach, each read once.

    Files are found below the folder of the root document, or below one of `roots`; symbolic links are followed before
    that is decided. Where there is `fetch`, references may name https URLs, and what is fetched refers to its own
    neighbours; it can name no file of this machine. Findings go to `report`, once for each reference.
    """

    def __init__(self, root: Source, report: Report, *, roots: Sequence[Path] = (), fetch: Fetch | None = None) -> None:
        self.root = root
        self.report = report
        self.is_plain = True
        """Whether all references that were resolved so far point into the root document, and name no part of it otherwise."""
        real = Path(root.path).resolve()
        self._allowed = (real.parent, *(Path(one).resolve() for one in roots))
        self._has_roots = bool(roots)
        self._fetch = fetch
        self._read: dict[Path | str, Source | None] = {real: root}
        self._real: dict[Source, Path] = {root: real}
        self._urls: dict[Source, str] = {}
        self._resolved: dict[tuple[str, str, str], Place | None] = {}
        self._pointed: dict[str, Place | None] = {}
        self._passing: set[Place] = set()
        self._resources: dict[Source, Resources] = {}

    def take_for_plain(self) -> None:
        """Take it for granted that no part of the root document has a name of its own, which is long to find out from its text."""
        self._resources[self.root] = resources_of(None, NOWHERE)

    @property
    def all(self) -> tuple[Source, ...]:
        """Every source that was read, the root first, the others in the order of their first use."""
        return tuple(dict.fromkeys(source for source in self._read.values() if source is not None))

    def resolve(self, place: Place, reference: str) -> Place | None:
        """What `reference` names, where `place` is that of its text; None, with a finding, where that is nothing."""
        key = (place.pointer, reference, place.path)
        if key not in self._resolved:
            self._resolved[key] = self._plain(place, reference) or self._resolve(place, reference)
        return self._resolved[key]

    def _plain(self, place: Place, reference: str) -> Place | None:
        """What a pointer into the root document names, the only one that was read, where no part of that has a name of its own."""
        if not reference.startswith("#/") or len(self._read) > 1 or place.source is not self.root:
            return None
        if reference not in self._pointed:
            pointer = pointers.from_fragment(reference[1:])
            known = pointer is not None and pointers.is_valid(pointer) and not self.resources(self.root).is_identified
            found = lookup(self.root.tree, pointer) if known and pointer is not None else None
            self._pointed[reference] = None if found is None else Place(self.root, pointer or "")
        return self._pointed[reference]

    def known(self, place: Place, reference: str) -> Place | None:
        """What `resolve` answered for this reference before, or would plainly answer; None, and no finding, otherwise."""
        key = (place.pointer, reference, place.path)
        return self._resolved[key] if key in self._resolved else self._plain(place, reference)

    def has_rivals(self, source: Source, anchor: str) -> bool:
        """Whether a `$dynamicAnchor` of that name stands in several places, of which a caller may mean any."""
        return self.resources(source).dynamic.get(anchor, 0) > 1

    def resources(self, source: Source) -> Resources:
        """The schema resources of a source; without `$id` anywhere, that is the document alone."""
        if source not in self._resources:
            name = self._real[source].name if source in self._real else "document"
            # Most documents name no part of themselves, and none has to be walked for what its text does not mention.
            is_plain = source.origins is None and not _NAMES.search(source.text)
            tree = None if is_plain else source.tree
            self._resources[source] = resources_of(tree, self._urls.get(source, NOWHERE + name))
        return self._resources[source]

    def _resolve(self, place: Place, reference: str) -> Place | None:
        self.is_plain = False
        file, _, fragment = reference.partition("#")
        pointer = pointers.from_fragment(fragment)
        if pointer is None:
            self._malformed(place, reference, "its percent-encoding is broken")
            return None
        identified = self._identified(place, reference, pointer)
        if identified is not None:
            return identified
        source = self._source(place, reference, file) if file else place.source
        if source is None:
            return None
        if pointer and not pointer.startswith("/"):
            return self._anchor(place, reference, source, pointer)
        if not pointers.is_valid(pointer):
            self._malformed(place, reference, 'a "~" in it is neither ~0 nor ~1')
            return None
        if lookup(source.tree, pointer) is not None:
            return Place(source, pointer)
        found = self._beyond(source, pointer)
        if found is None:
            self._dangling(place, reference, source, pointer)
        elif lookup(found.source.tree, found.pointer) is not None:
            shown = f"{'' if found.source == place.source else found.source.path}#{found.pointer}"
            message = f"the reference {quote(reference)} passes through another reference"
            self.report.add(rules.REFERENCE_THROUGH_REFERENCE, message, place, help=f"refer to {quote(shown)}")
            return found
        else:
            message = f"the reference {quote(reference)} points to nothing: it passes through another reference"
            shown = f"{'' if found.source == source else found.source.path}#{found.pointer}"
            self.report.add(rules.DANGLING_REFERENCE, f"{message}, and there is no {quote(shown)}", place)
        return None

    def _beyond(self, source: Source, pointer: str) -> Place | None:
        """Where a pointer leads to by way of the references that stand in it, there or not; None where none leads on."""
        found: Place | None = None
        passed: set[Place] = set()
        while (way := _in_the_way(source, pointer)) is not None:
            at, reference, rest = way
            # A reference may stand in its own way, or lead back to one that does.
            if at in passed or at in self._passing:
                break
            passed.add(at)
            self._passing.add(at)
            target = self.resolve(at, reference)
            self._passing.remove(at)
            if target is None:
                break
            source, pointer = target.source, target.pointer + rest
            found = Place(source, pointer)
        return found

    def _identified(self, place: Place, reference: str, pointer: str) -> Place | None:
        """What a reference names by the `$id` of a schema, or inside one; None where it has to be a file, or this one."""
        identified = [source for source in self._read.values() if source and self.resources(source).is_identified]
        if not identified:
            return None
        own = self.resources(place.source)
        uri = absolute(own.uri_of(place.pointer), reference)
        for source in identified:
            found = self.resources(source)
            root = found.by_uri.get(uri)
            if root is None or (root == "" and uri == own.base):
                continue
            if not pointer:
                return Place(source, root)
            named = found.anchors.get(root, {}).get(pointer) if not pointer.startswith("/") else f"{root}{pointer}"
            if named is not None and pointers.is_valid(named) and lookup(source.tree, named) is not None:
                return Place(source, named)
        return None

    def _malformed(self, place: Place, reference: str, why: str, help: str | None = None) -> None:
        self.report.add(
            rules.MALFORMED_REFERENCE, f"the reference {quote(reference)} is malformed: {why}", place, help=help
        )

    def _outside(self, place: Place, reference: str, why: str, allow: str | None = None) -> None:
        shown = quote(without_credentials(reference))
        help = None if allow is None else f"copy the file beside the document, or {_LEAVE.format(allow)}"
        self.report.add(rules.REFERENCE_OUTSIDE, f"the reference {shown} {why}", place, help=help)

    def _source(self, place: Place, reference: str, file: str) -> Source | None:
        base = self._urls.get(place.source)
        if self._fetch is not None and (base is not None or _WEB.match(file)):
            return self._from_network(place, reference, file if base is None else urljoin(base, file), self._fetch)
        local = _local_path(file) if self._has_roots else file
        if _SCHEME.match(local) or file.startswith("//") or (local.startswith(("/", "\\")) and not self._has_roots):
            self._outside(place, reference, *_elsewhere(file))
            return None
        relative = pointers.from_fragment(local)
        if relative is None or "?" in file or "\0" in relative or "\\" in relative:
            self._malformed(place, reference, "its part before the # is no relative path")
            return None
        real = (self._real[place.source].parent / relative).resolve()
        if real in self._read:
            return self._read[real]
        if not any(real.is_relative_to(one) for one in self._allowed):
            self._outside(place, reference, "leaves the folder of the root document", "outside-references")
            return None
        return self._load(real, place)

    def _from_network(self, place: Place, reference: str, url: str, fetch: Fetch) -> Source | None:
        if url in self._read:
            return self._read[url]
        problem = url_problem(url)
        if problem is not None:
            self._outside(place, reference, f"is not followed: {problem}")
            return None
        self._read[url] = None
        try:
            fetched = fetch(url)
        except FetchError as error:
            self.report.add(rules.DANGLING_REFERENCE, f"{quote(url)} can't be fetched: {error}", place)
            return None
        source = self._read.get(fetched.url)
        if source is None:
            source = parse_bytes(fetched.url, fetched.data, self.report, syntax_of_fetched(fetched))
        self._read[fetched.url] = self._read[url] = source
        if source is not None:
            self._urls[source] = fetched.url
        return source

    def _load(self, real: Path, place: Place) -> Source | None:
        shown, problems = display_path(real), Report()
        data = read_bytes(real, shown, problems)
        for one in problems.diagnostics:
            self.report.add(rules.DANGLING_REFERENCE, one.message, place, help=one.help)
        source = None if data is None else parse_bytes(shown, data, self.report)
        self._read[real] = source
        if source is not None:
            self._real[source] = real
        return source

    def _anchor(self, place: Place, reference: str, source: Source, name: str) -> Place | None:
        by_resource = self.resources(source).anchors
        anchors = {
            **{one: at for found in by_resource.values() for one, at in found.items()},
            **by_resource.get("", {}),
        }
        found = anchors.get(name)
        if found is not None:
            return Place(source, found)
        if lookup(source.tree, f"/{name}") is not None:
            intended = reference.replace("#", "#/", 1)
            self._malformed(
                place, reference, "its pointer does not start with a slash", f"write it as {quote(intended)}"
            )
            return None
        near = did_you_mean(name, anchors)
        help = None if near is None else f"did you mean {quote('#' + near)}?"
        self.report.add(rules.DANGLING_REFERENCE, f"no `$anchor` {quote(name)} is defined", place, help=help)
        return None

    def _dangling(self, place: Place, reference: str, source: Source, pointer: str) -> None:
        file = reference.partition("#")[0]
        depth, at = _existing(source.tree, pointer)
        tokens = pointers.split(pointer)
        message = f"the reference {quote(reference)} points to nothing"
        if is_mapping(at) and depth:
            parent = pointers.join("", *tokens[:depth])
            message += f": {quote('#' + parent)} has no {quote(tokens[depth])}"
        near = _nearest_pointer(source.tree, tokens, depth, at)
        help = None if near is None else f"did you mean {quote(f'{file}#{near}')}?"
        self.report.add(rules.DANGLING_REFERENCE, message, place, help=help)


def _in_the_way(source: Source, pointer: str) -> tuple[Place, str, str] | None:
    """The first `$ref` in the way of a pointer: its place, what it says, and the rest of the pointer; None without one."""
    depth, at = _existing(source.tree, pointer)
    tokens = pointers.split(pointer)
    if depth == len(tokens) or not is_mapping(at) or not isinstance(at.get("$ref"), str):
        return None
    return Place(source, pointers.join("", *tokens[:depth], "$ref")), at["$ref"], pointers.join("", *tokens[depth:])


def _existing(tree: Any, pointer: str) -> tuple[int, Any]:
    """How many tokens of `pointer` lead somewhere, and the value that they lead to."""
    value = tree
    for depth, token in enumerate(pointers.split(pointer)):
        found = step(value, token)
        if found is None:
            return depth, value
        value = found[0]
    return len(pointers.split(pointer)), value


def _local_path(file: str) -> str:
    """The path in a `file:` URL of this machine (RFC 8089), still percent-encoded; anything else as it is."""
    found = re.fullmatch(r"file:(?://(?:localhost)?)?(/[^/].*)", file, re.IGNORECASE)
    return file if found is None else found[1]


def _elsewhere(file: str) -> tuple[str, str | None]:
    """Where a reference that is not relative leads, and what would have to be allowed for it to be followed."""
    if re.match(r"(https?:)?//", file, re.IGNORECASE):
        return "points to the network", "network-references" if file[:6].lower() == "https:" else None
    if file.startswith(("/", "\\")) or file.casefold().startswith("file:"):
        return "names a file by its absolute path", "outside-references"
    return "is not relative to this document", None


def _nearest_pointer(tree: Any, tokens: tuple[str, ...], depth: int, at: Any) -> str | None:
    """A pointer that exists and was probably meant: a sibling of a similar name, or a component of the same name."""
    if is_mapping(at):
        near = did_you_mean(tokens[depth], at)
        fixed = pointers.join("", *tokens[:depth], near or "", *tokens[depth + 1 :])
        if near is not None and lookup(tree, fixed) is not None:
            return fixed
    components = tree.get("components") if is_mapping(tree) else None
    for section, members in components.items() if is_mapping(components) else ():
        if is_mapping(members) and tokens[-1] in members:
            return pointers.join("", "components", section, tokens[-1])
    return None
