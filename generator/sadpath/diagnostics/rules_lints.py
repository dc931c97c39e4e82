"""The rules for what a contract may say, and should not (SP350 to SP389)."""

from __future__ import annotations

from typing import Final

from sadpath.diagnostics.model import Rule, Severity

UNREACHABLE_ERROR: Final = Rule(
    "SP350",
    "unreachable-error",
    Severity.WARNING,
    "No answer is ever read as this error.",
    "Other entries, or the documented success, fit each of its answers better, so its class is never raised.",
    "Narrow the entries that take its answers, or take it out.",
)
CLASS_RENAMED: Final = Rule(
    "SP351",
    "class-renamed",
    Severity.WARNING,
    "A class of the catalog cannot have the name that it asks for.",
    "The package has a class of that name for something else, so this one gets a mark that nobody would guess.",
    "Choose another name with `class`, or another id.",
)
MISLEADING_CLASS: Final = Rule(
    "SP352",
    "misleading-class",
    Severity.WARNING,
    "A class is called like a condition that holds across APIs, and has another category.",
    "Whoever catches that condition would expect to catch this class, and does not.",
    "Correct the `category`, or choose another name with `class`.",
)
CODE_NOT_IN_CATALOG: Final = Rule(
    "SP353",
    "code-not-in-catalog",
    Severity.WARNING,
    "The document lists a code that is no entry of the catalog.",
    "Clients would raise it as unrecognized, without an outcome or a next step of its own.",
    "Add an entry for the code, or take it out of the document.",
)
CODE_EXCLUDED: Final = Rule(
    "SP354",
    "code-excluded",
    Severity.WARNING,
    "A code of the catalog is missing in the closed list that the document has for it.",
    "Whoever checks answers against the document would refuse one that the catalog expects.",
    "Add the code to the list, or mark the list with `x-sadpath-open: true`.",
)
UNDECLARED_STATUS: Final = Rule(
    "SP355",
    "undeclared-status",
    Severity.WARNING,
    "An operation can answer with a status that the document does not declare.",
    "Other tools read the document alone: their clients, mocks and tests do not know of that failure.",
    "Declare the status, its range or `default` in the document, or narrow `operations` of the entry.",
)
FAULT_AGAINST_STATUS: Final = Rule(
    "SP356",
    "fault-against-status",
    Severity.WARNING,
    "The fault of an error is on the other side than its status says.",
    "Alerts and retries go by the fault: a fault of the client is nobody's incident, a fault of the server is no bug of the caller.",
    "Correct `fault`, or check the status.",
)
DOUBT_WITHOUT_END: Final = Rule(
    "SP357",
    "doubt-without-end",
    Severity.WARNING,
    "After a lost answer, nobody can find out what became of the operation.",
    "It has no idempotency key, no natural key and no lookup: repeating it may pay twice, not repeating it may pay never.",
    "Give it `idempotency`, a `natural_key` or a `lookup`; where a repeat does no harm, say so with `effect: idempotent`.",
)
UNSAFE_REPEAT: Final = Rule(
    "SP358",
    "unsafe-repeat",
    Severity.WARNING,
    "The advice after an error could execute an operation twice.",
    "The generated client does not follow it there, but people read it too, and other clients do.",
    "Use `next: check`, a key that stays the `same`, or narrow `operations` to those that a key protects.",
)
KEY_OUTLIVED: Final = Rule(
    "SP359",
    "key-outlived",
    Severity.WARNING,
    "A policy repeats for longer than the API remembers keys.",
    "A repeat under a key that is forgotten is a new request: it is executed a second time.",
    "Give the policy a `max_elapsed` below the `retention` of the keys.",
)
FAMILY_WITHOUT_CODES: Final = Rule(
    "SP360",
    "family-without-codes",
    Severity.INFO,
    "A family of codes has no member.",
    "Its class catches codes that may come, and none that is known.",
    "Add its codes, or take the family out if there will be none.",
)
FAMILY_SPLIT: Final = Rule(
    "SP361",
    "family-split",
    Severity.WARNING,
    "An error belongs to a family by some of its codes alone, or by what only looks like one.",
    "Its class has no family then, and `except` with that of the family misses it.",
    "Make two entries of it, write the code as a number, or widen the range.",
)
EXAMPLE_OF_ANOTHER: Final = Rule(
    "SP362",
    "example-of-another",
    Severity.WARNING,
    "An example is read as something else than what it is an example of.",
    "The client raises what the bytes say: either the example is wrong, or the match of an entry is.",
    "Correct the example, or tell the entries apart by status, code, format or `when`.",
)
EXAMPLE_ROUND_TRIP: Final = Rule(
    "SP363",
    "example-round-trip",
    Severity.WARNING,
    "An example does not survive being read and written again.",
    "What a server stub answers would not be what the API answers.",
    "Describe the members of the example in the format or in the entry, or correct it.",
)
LIVE_SECRET: Final = Rule(
    "SP364",
    "live-secret",
    Severity.WARNING,
    "A text holds what looks like a credential that works.",
    "Contracts are published: whoever reads them could use it.",
    "Revoke the credential, then write a made-up one that says so, such as `example-token`.",
)
CARD_NUMBER: Final = Rule(
    "SP365",
    "card-number",
    Severity.WARNING,
    "A text holds what may be the number of a real payment card.",
    "It has a network's prefix and a valid check digit, and is none of the numbers that are published for tests.",
    "Use a test number, such as 4111111111111111.",
)
CLOSED_ENUMERATION: Final = Rule(
    "SP366",
    "closed-enumeration",
    Severity.WARNING,
    "A list of values in an answer is closed, although values are added to such lists.",
    "A client that was generated before the new value came takes the answer for a violation of the contract.",
    "Take `x-sadpath-open: false` out: a value that is not listed is then read as it came.",
)
DEPRECATED_WITHOUT_SUCCESSOR: Final = Rule(
    "SP367",
    "deprecated-without-successor",
    Severity.INFO,
    "Something is deprecated, and nothing says what to use instead.",
    "A warning that offers no way out is ignored.",
    "Name the successor with `replaced_by` or in the description, or say that there is none.",
)
ERROR_WITHOUT_EXAMPLE: Final = Rule(
    "SP368",
    "error-without-example",
    Severity.INFO,
    "Errors have no example.",
    "Nothing proves that what they match is what the API sends.",
    "Add an answer of the API under `examples`; mark one that you made up with `composed: true`.",
)
ERROR_WITHOUT_WORDS: Final = Rule(
    "SP369",
    "error-without-words",
    Severity.INFO,
    "Errors lack a description or remedies.",
    "The page of an error is what somebody reads at night when it has come.",
    "Add a `description`, and `remedies` where the caller or the payer can do something.",
)
KEY_WITHOUT_RETENTION: Final = Rule(
    "SP370",
    "key-without-retention",
    Severity.WARNING,
    "Nothing says for how long the API remembers idempotency keys.",
    "A repeat under a key that is forgotten is a new request. The client assumes 24 hours, and does not repeat after that: an API "
    "that forgets earlier executes a late repeat a second time.",
    "Give the scheme its `retention`. Where the vendor does not say, ask; until then `retention: 24h` says that you have thought of it.",
)
