"""The rules for error catalogs (SP3xx)."""

from __future__ import annotations

from typing import Final

from sadpath.diagnostics.model import Rule, Severity

CATALOG_VALUE: Final = Rule(
    "SP301",
    "catalog-value",
    Severity.ERROR,
    "A value in the catalog is not of the form that its place asks for.",
    "The catalog is a contract: a value that is guessed at would be generated into clients and servers.",
    "Write the value in the form named in the message.",
)
CATALOG_UNKNOWN_KEY: Final = Rule(
    "SP302",
    "catalog-unknown-key",
    Severity.ERROR,
    "The catalog has a key that the language does not know.",
    "A misspelt key would otherwise be silently without effect, for instance a retry that is never forbidden.",
    "Correct the spelling, or start the key with `x-` if it is a note of your own.",
)
CATALOG_MISSING_KEY: Final = Rule(
    "SP303",
    "catalog-missing-key",
    Severity.ERROR,
    "A key that is required is missing.",
    "Without it the entry has no defined meaning.",
    "Add the key.",
)
CATALOG_UNKNOWN_NAME: Final = Rule(
    "SP304",
    "catalog-unknown-name",
    Severity.ERROR,
    "The catalog refers to something that is defined neither in it nor in the document.",
    "An entry that points nowhere would never match, never be raised, or never be waited for.",
    "Refer to an existing name, or define the one that is meant.",
)
CATALOG_AMBIGUOUS_MATCH: Final = Rule(
    "SP305",
    "catalog-ambiguous-match",
    Severity.ERROR,
    "Two errors match the same answer, and nothing decides between them.",
    "The exception that a client raises would depend on the order of the file.",
    "Tell them apart by status, code, format, operations or a `when` predicate.",
)
CATALOG_CLASS_COLLISION: Final = Rule(
    "SP306",
    "catalog-class-collision",
    Severity.ERROR,
    "Two entries of the catalog would get the same class name.",
    "One class would replace the other and `except` would catch the wrong failure.",
    "Give one of them another name with `class`.",
)
CATALOG_EXAMPLE: Final = Rule(
    "SP307",
    "catalog-example",
    Severity.ERROR,
    "An example is not an HTTP response that can be read.",
    "Examples are tested in both directions; one that cannot be read proves nothing.",
    "Write a status line, the header lines, an empty line and the body.",
)
CATALOG_FAMILY_OVERLAP: Final = Rule(
    "SP308",
    "catalog-family-overlap",
    Severity.ERROR,
    "The ranges of two families overlap.",
    "A code in both would have two base classes of equal right.",
    "Narrow one of the ranges.",
)
CATALOG_MISSING_LOCALE: Final = Rule(
    "SP309",
    "catalog-missing-locale",
    Severity.WARNING,
    "A text is missing in one of the catalog's locales.",
    "The reference in that language falls back to the default locale.",
    "Add the text in that language.",
)
CATALOG_CODE_WITHOUT_FORMAT: Final = Rule(
    "SP311",
    "catalog-code-without-format",
    Severity.ERROR,
    "An error is told by its code, but no format says where the code stands.",
    "The client could not read the code, and would take every answer of that status for this error.",
    "Describe the wire format under `formats`, with its `code`, and name it with `default_format` or `match.format`.",
)
CATALOG_RESPONSE_MISSING: Final = Rule(
    "SP312",
    "catalog-response-missing",
    Severity.WARNING,
    "The document declares an error response that no entry of the catalog matches.",
    "Clients would raise it as unrecognized, although the document knows it.",
    "Add an entry for that status to the catalog.",
)
CATALOG_LOOKUP: Final = Rule(
    "SP313",
    "catalog-lookup",
    Severity.ERROR,
    "A lookup cannot be made, or would not find out what became of the request.",
    "It is made when an answer was lost and money may have moved: it must change nothing, and must not fail for want of an argument.",
    "Name an operation that only reads, and whose parameters can be told from the request that was sent.",
)
CATALOG_WEBHOOK: Final = Rule(
    "SP314",
    "catalog-webhook",
    Severity.ERROR,
    "A webhook cannot be received, cannot be shown to be genuine, or cannot be asked about.",
    "Whoever believes a message that anybody could have sent ships goods that nobody paid for.",
    "Give it a `signature` or `addresses`, or `then: reread` with the `operation` to ask and its arguments under `bind`.",
)
TEXT_MISSING: Final = Rule(
    "SP315",
    "text-missing",
    Severity.WARNING,
    "Words of the document are missing in one of the catalog's locales.",
    "The pages in that language show them in the language of the document.",
    "Add an entry for each: its words, and what they are in that language.",
)
TEXT_UNUSED: Final = Rule(
    "SP316",
    "text-unused",
    Severity.WARNING,
    "A translation is of words that the document does not say.",
    "They were changed in the document, and the pages show them untranslated.",
    "Write the words as the document has them, or take the entry out.",
)
TEXT_TWICE: Final = Rule(
    "SP317",
    "text-twice",
    Severity.ERROR,
    "Two translations are of the same words.",
    "Only one of them can be shown.",
    "Take one of the entries out.",
)
CATALOG_DERIVED: Final = Rule(
    "SP310",
    "catalog-derived",
    Severity.INFO,
    "No catalog was given: one was derived from the document's error responses.",
    "A derived catalog knows statuses and codes, and nothing about outcomes, keys or what to do next.",
    "Write a catalog and name it with `errors` or `--errors`.",
)
