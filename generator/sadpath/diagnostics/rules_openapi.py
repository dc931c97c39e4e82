"""The rules for OpenAPI documents (SP2xx)."""

from __future__ import annotations

from typing import Final

from sadpath.diagnostics.model import Rule, Severity

NOT_OPENAPI: Final = Rule(
    "SP201",
    "not-openapi",
    Severity.ERROR,
    "The document is no OpenAPI document.",
    "An OpenAPI document is a mapping that starts with the field `openapi`.",
    "Check that the right file is named.",
)
UNSUPPORTED_VERSION: Final = Rule(
    "SP202",
    "unsupported-version",
    Severity.ERROR,
    "The document is written in a version of OpenAPI that sadpath does not read.",
    "Versions 3.0, 3.1 and 3.2 are read; the fields of others mean other things.",
    "Convert the document to OpenAPI 3.0, 3.1 or 3.2.",
)
MISSING_FIELD: Final = Rule(
    "SP203",
    "missing-field",
    Severity.ERROR,
    "An object lacks a field that the OpenAPI Specification requires.",
    "Without it the object has no defined meaning.",
    "Add the field.",
)
WRONG_TYPE: Final = Rule(
    "SP204",
    "wrong-type",
    Severity.ERROR,
    "A field has a value of the wrong type.",
    "The value can't be understood, and leaving it out would drop a part of the contract in silence.",
    "Write the value in the form named in the message.",
)
DANGLING_REFERENCE: Final = Rule(
    "SP205",
    "dangling-reference",
    Severity.ERROR,
    "A `$ref` points to nothing.",
    "What it stands for is missing from the contract.",
    "Correct the reference, or define its target.",
)
CIRCULAR_REFERENCE: Final = Rule(
    "SP206",
    "circular-reference",
    Severity.ERROR,
    "References lead back to themselves without anything being defined on the way.",
    "Such a value is never defined. (A schema may contain itself in a property or an item; that is no such circle.)",
    "Replace one of the references by what it is meant to stand for.",
)
REFERENCE_OUTSIDE: Final = Rule(
    "SP207",
    "reference-outside",
    Severity.ERROR,
    "A `$ref` points to the network, or to a file outside the folder of the root document.",
    "A document may not decide what is fetched, nor which files of this machine are read.",
    "Copy the file beside the document and refer to it by a relative path; or allow files elsewhere with "
    "`--allow outside-references` and https URLs with `--allow network-references`, or with `allow` in the configuration.",
)
MALFORMED_REFERENCE: Final = Rule(
    "SP208",
    "malformed-reference",
    Severity.ERROR,
    "A `$ref` is no URI reference with a JSON Pointer.",
    "It can't be followed.",
    'Write it as "#/components/schemas/Name" or "file.yaml#/Name"; in a name, "~" is written ~0 and "/" ~1.',
)
DUPLICATE_OPERATION_ID: Final = Rule(
    "SP209",
    "duplicate-operation-id",
    Severity.ERROR,
    "Two operations have the same `operationId`.",
    "It names the generated method and the catalog's entries, so it has to be unique.",
    "Rename one of them.",
)
PATH_PARAMETER_UNDECLARED: Final = Rule(
    "SP210",
    "path-parameter-undeclared",
    Severity.WARNING,
    "A path has a placeholder that no parameter describes.",
    "Its place in the path has to be filled; without a description any text may stand there.",
    "Add a parameter with `in: path` and this name, with `required: true`.",
)
PATH_PARAMETER_UNUSED: Final = Rule(
    "SP211",
    "path-parameter-unused",
    Severity.WARNING,
    "A parameter with `in: path` has no placeholder in the path.",
    "Its value could not be sent.",
    "Add the placeholder to the path, or correct the name or `in` of the parameter.",
)
DUPLICATE_PARAMETER: Final = Rule(
    "SP212",
    "duplicate-parameter",
    Severity.ERROR,
    "One list of parameters has the same name and location twice.",
    "Only one of them could be sent.",
    "Remove one of them. (A parameter of an operation may replace one of its path; that is no duplicate.)",
)
MALFORMED_PATH: Final = Rule(
    "SP213",
    "malformed-path",
    Severity.ERROR,
    "A path is no path template.",
    "A path starts with a slash, and its placeholders are names in braces.",
    "Write it like /orders/{order_id}.",
)
DUPLICATE_PATH: Final = Rule(
    "SP214",
    "duplicate-path",
    Severity.WARNING,
    "Two paths differ only in the names of their placeholders and share a method.",
    "A server can't tell which of them a request is for; ours takes the one whose placeholders have the fewest values that fit.",
    "Merge the two paths.",
)
MALFORMED_STATUS: Final = Rule(
    "SP215",
    "malformed-status",
    Severity.ERROR,
    "A key of `responses` is no status.",
    "A response that matches no status would never be recognised.",
    'Use a status such as "404", a range such as "4XX", or "default".',
)
UNKNOWN_SECURITY_SCHEME: Final = Rule(
    "SP216",
    "unknown-security-scheme",
    Severity.WARNING,
    "All that an operation takes as credentials is of schemes that are not defined.",
    "What a request has to carry is not known: the client leaves it to the HTTP client that is handed in, and the server lets "
    "nobody in whom a function of yours does not recognise.",
    "Define the scheme under components/securitySchemes, or correct the name.",
)
SPECIFICATION: Final = Rule(
    "SP217",
    "specification",
    Severity.WARNING,
    "The document breaks the schema of the OpenAPI Specification where nothing that is generated depends on it.",
    "Other tools will refuse it or read it differently. Found by openapi-spec-validator.",
    "Correct the document as the message says.",
)
UNKNOWN_DISCRIMINATOR_TARGET: Final = Rule(
    "SP218",
    "unknown-discriminator-target",
    Severity.WARNING,
    "A discriminator maps a tag to a schema that does not exist.",
    "A payload with this tag is kept as it is, like one with a tag that is not listed.",
    "Map it to the name of a schema or to a reference.",
)
OPTIONAL_PATH_PARAMETER: Final = Rule(
    "SP219",
    "optional-path-parameter",
    Severity.WARNING,
    "A parameter with `in: path` does not say `required: true`.",
    "A path has no place for a missing value, so the OpenAPI Specification demands it; it is read as required.",
    "Add `required: true`.",
)
UNKNOWN_VALUE: Final = Rule(
    "SP220",
    "unknown-value",
    Severity.ERROR,
    "A field has none of the values that it may have.",
    "The value has no defined meaning.",
    "Use one of the values named in the message.",
)
UNFIT_VALUE: Final = Rule(
    "SP221",
    "unfit-value",
    Severity.WARNING,
    "A default, a pattern or a list of names does not fit what the document says about it.",
    "Tools that check values will refuse this one. Found by openapi-spec-validator.",
    "Correct the value, or what is said about it.",
)
VALIDATOR_FAILED: Final = Rule(
    "SP222",
    "validator-failed",
    Severity.WARNING,
    "openapi-spec-validator failed on the document, so that its checks are incomplete.",
    "sadpath's own checks ran in full; only the second opinion is missing.",
    "Correct the other findings first; they are the likely cause.",
)
REPEATED_PLACEHOLDER: Final = Rule(
    "SP223",
    "repeated-placeholder",
    Severity.WARNING,
    "A path uses the same placeholder twice.",
    "The OpenAPI Specification forbids it: one value would have to stand in both places.",
    "Give the two placeholders different names.",
)
UNKNOWN_FIELD: Final = Rule(
    "SP224",
    "unknown-field",
    Severity.WARNING,
    "An object has a field that the OpenAPI Specification does not know.",
    "It is without effect; often it is a misspelt one. Found by openapi-spec-validator.",
    "Correct the spelling, remove the field, or start it with `x-` if it is an extension.",
)
DYNAMIC_REFERENCE: Final = Rule(
    "SP225",
    "dynamic-reference",
    Severity.INFO,
    "A `$dynamicRef` could mean several anchors of one name.",
    "Which one it means depends on the schema that a value is validated against; a generated type has one meaning.",
    "Refer with `$ref` to the schema that is meant, in a schema of its own for each use.",
)
UNQUOTED_TEXT: Final = Rule(
    "SP226",
    "unquoted-text",
    Severity.WARNING,
    "A number, a truth value or null stands where text belongs.",
    "It is read as the text that it is written as; other tools may refuse it, or write 1.10 as 1.1.",
    "Put it in quotes.",
)
UNKNOWN_ALTERNATIVE: Final = Rule(
    "SP227",
    "unknown-security-alternative",
    Severity.WARNING,
    "One of several ways to authenticate needs a scheme that is not defined.",
    "That way is left out; the others stay.",
    "Define the scheme under components/securitySchemes, correct its name, or take the way out.",
)
EXPLODING_PATTERN: Final = Rule(
    "SP240",
    "exploding-pattern",
    Severity.ERROR,
    "A regular expression can be tried in exponentially many ways on one text, or in more than the cube of its length.",
    "A short text of somebody who means harm would keep a client or a server busy for years.",
    'Write it so that each text fits in one way only, such as "(a+,)*" for "(a+,?)*"; '
    "or accept it with `--allow exploding-patterns`, or `allow` in the configuration.",
)
REFERENCE_THROUGH_REFERENCE: Final = Rule(
    "SP242",
    "reference-through-reference",
    Severity.WARNING,
    "A reference leads on through another reference.",
    "A JSON Pointer ends where a `$ref` stands in its way, and other tools find nothing there; it is followed.",
    "Refer to the place itself, as the message says.",
)
QUERY_IN_PATH: Final = Rule(
    "SP244",
    "query-in-path",
    Severity.WARNING,
    "A path holds a query or a fragment.",
    "The client asks for it as it is written, without the fragment, which is never sent; our server tells operations of one path "
    "apart by such a query and by required parameters of one value, others may not find it.",
    "Describe what follows the question mark as parameters, and operations that share a path by one of them.",
)
MISPLACED_REQUIRED: Final = Rule(
    "SP243",
    "misplaced-required",
    Severity.WARNING,
    "A schema's `required` is true or false, as it is for parameters and was in old versions of JSON Schema.",
    "It has no effect: which members are required is said by the object that has them, in a list of names.",
    "Take it out, and name the member in the `required` of the schema around it if it must be there.",
)
UNCHECKED_PATTERN: Final = Rule(
    "SP241",
    "unchecked-pattern",
    Severity.WARNING,
    "A pattern is not checked, as matching it can take exponentially long, or longer than the cube of the length of the text.",
    "A short text of somebody who means harm would keep a client or a server busy for years; so any text is taken there.",
    'Write it so that each text fits in one way only, such as "(a+,)*" for "(a+,?)*"; '
    "or have it matched with `--allow exploding-patterns`, or `allow` in the configuration.",
)
OUTDATED_KEYWORD: Final = Rule(
    "SP228",
    "outdated-keyword",
    Severity.WARNING,
    "A keyword is written in the way of OpenAPI 3.0 in a document of a later version.",
    "Other tools ignore it there, or refuse the document; it is read as it was meant.",
    "Write it in the way of JSON Schema 2020-12.",
)
IDLE_KEYWORD: Final = Rule(
    "SP229",
    "idle-keyword",
    Severity.WARNING,
    "A keyword stands beside a type that it says nothing about.",
    "JSON Schema gives `properties` to objects and `items` to arrays; what is described there is no part of the contract.",
    "Correct the type, or take the keyword out.",
)
MISSPELT_NAME: Final = Rule(
    "SP231",
    "misspelt-name",
    Severity.WARNING,
    "A required member or a keyword of a schema has a name that is nearly another one.",
    "As it is written it demands a member that nobody describes, or has no effect.",
    "Correct the name; a required member that is meant so can be described under `properties`.",
)
CONTRADICTING_TAG: Final = Rule(
    "SP232",
    "contradicting-tag",
    Severity.WARNING,
    "A discriminator and its variants do not agree on a tag or on the member that holds it.",
    "No payload can be both what the discriminator reads and what the variant allows; both of the tags are read.",
    "Write the same name and the same value in the discriminator and in the variant.",
)
IMPOSSIBLE_TEXT: Final = Rule(
    "SP233",
    "impossible-text",
    Severity.WARNING,
    "A pattern matches no text of the format that stands beside it.",
    "No value satisfies both: what is read as the one breaks the other, and nothing can be sent that is valid.",
    "Correct the pattern, or take out the format where the text is no such value.",
)
ENUM_OF_ANOTHER_TYPE: Final = Rule(
    "SP235",
    "enum-of-another-type",
    Severity.WARNING,
    "None of the values that an enumeration lists is of the type that stands beside it.",
    "Nothing satisfies both. What spells a value of the type is read as that value, and a list beside an array or an object is left "
    "out, as it is meant for the items or for a member.",
    "Write the values as the type has them, or move the list to the items.",
)
DEFAULT_MAPPING: Final = Rule(
    "SP234",
    "default-mapping",
    Severity.WARNING,
    "A discriminator names a variant for values whose tag is not known.",
    "Such values are not read as that variant: they are `UnknownVariant`, with all that they hold.",
    "Nothing needs to be done; or give the variant a tag of its own.",
)
NULL_FIELD: Final = Rule(
    "SP245",
    "null-field",
    Severity.WARNING,
    "Null, or nothing at all, stands where a value belongs.",
    "The OpenAPI Specification gives it no meaning there, and other tools may refuse it. It says nothing, so nothing is lost with it.",
    "Write the value that was meant, or take the field out.",
)
