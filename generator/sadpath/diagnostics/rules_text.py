"""The rules for the text of documents, before it means anything: encoding, YAML and JSON (SP1xx)."""

from __future__ import annotations

from typing import Final

from sadpath.diagnostics.model import Rule, Severity

ENCODING: Final = Rule(
    "SP101",
    "encoding",
    Severity.ERROR,
    "A document is not encoded as UTF-8.",
    "JSON and YAML are exchanged as UTF-8; another encoding would have to be guessed.",
    "Save the file as UTF-8.",
)
CONTROL_CHARACTER: Final = Rule(
    "SP102",
    "control-character",
    Severity.ERROR,
    "A document holds a control character that neither YAML nor JSON allows.",
    "Such a character is invisible and may hide or change what a reader sees.",
    'Remove it, or write it as an escape in a quoted string, such as "\\u0007".',
)
YAML_SYNTAX: Final = Rule(
    "SP103",
    "yaml-syntax",
    Severity.ERROR,
    "A document is not valid YAML.",
    "Nothing after the fault can be read with certainty.",
    "Correct the syntax at the place shown.",
)
JSON_SYNTAX: Final = Rule(
    "SP104",
    "json-syntax",
    Severity.ERROR,
    "A document is not valid JSON.",
    "A file whose name ends in `.json` is read strictly, as every other tool reads it.",
    "Correct the syntax at the place shown, or name the file `.yaml` if it is YAML.",
)
DUPLICATE_KEY: Final = Rule(
    "SP105",
    "duplicate-key",
    Severity.ERROR,
    "A mapping has the same key twice.",
    "Tools disagree about which of the two counts, so one of them would be lost in silence.",
    "Remove one of them, or merge what they say. Keys are compared as text: 200 and '200' are the same.",
)
NESTING: Final = Rule(
    "SP106",
    "nesting-too-deep",
    Severity.ERROR,
    "A document nests more than 500 levels deep.",
    "No real document does; unbounded nesting exhausts the stack of every tool that reads it.",
    "Flatten the document, or move parts of it under `components`.",
)
ALIAS_EXPANSION: Final = Rule(
    "SP107",
    "alias-expansion",
    Severity.ERROR,
    "The aliases of a document expand to more than a million nodes.",
    "A few lines of nested aliases can stand for more values than fit into memory.",
    "Use `$ref` instead of YAML aliases.",
)
BAD_ALIAS: Final = Rule(
    "SP108",
    "bad-alias",
    Severity.ERROR,
    "A YAML alias names no anchor that is complete at that place.",
    "An alias stands for a value that was written before it; one inside its own anchor would never end.",
    "Define the anchor before its first alias, or use `$ref`, which may be recursive.",
)
SEVERAL_DOCUMENTS: Final = Rule(
    "SP109",
    "several-documents",
    Severity.ERROR,
    "A file holds more than one YAML document.",
    "Only one of them could be meant, and which one would have to be guessed.",
    "Keep one document a file: remove the line `---` and what follows it.",
)
KEY_NOT_TEXT: Final = Rule(
    "SP110",
    "key-not-text",
    Severity.ERROR,
    "A key is a list or a mapping.",
    "Such keys do not exist in JSON, which OpenAPI documents have to be convertible to.",
    "Use a plain key. A text that starts with `{` or `[` has to be quoted.",
)
UNKNOWN_TAG: Final = Rule(
    "SP111",
    "unknown-tag",
    Severity.ERROR,
    "A value has a YAML tag that JSON has no type for.",
    "The value would mean something else to each tool that reads it.",
    "Remove the tag; quote a text that starts with `!`.",
)
NUMBER_RANGE: Final = Rule(
    "SP112",
    "number-out-of-range",
    Severity.ERROR,
    "A number is larger, smaller or longer than any use explains.",
    "Numbers like 1e1000000000 cost unbounded time in calculations.",
    "Write a smaller number, or quote it if it is a text.",
)
EMPTY_DOCUMENT: Final = Rule(
    "SP113",
    "empty-document",
    Severity.ERROR,
    "A document is empty.",
    "There is nothing to generate from.",
    "Check that the right file is named.",
)
BAD_MERGE: Final = Rule(
    "SP114",
    "bad-merge",
    Severity.ERROR,
    "A merge key `<<` has a value that is no mapping.",
    "Only the members of mappings can be merged.",
    "Give `<<` an alias of a mapping or a list of those; quote the key if it is meant literally.",
)
SURROGATE: Final = Rule(
    "SP115",
    "lone-surrogate",
    Severity.ERROR,
    "A string holds half of a surrogate pair.",
    "It stands for no character and can't be written to any file.",
    "Write the character itself, or both halves of the pair.",
)
