"""The rules for what a document says that cannot be expressed as it stands (SP4xx)."""

from __future__ import annotations

from typing import Final

from sadpath.diagnostics.model import Rule, Severity

SCHEMA_CONFLICT: Final = Rule(
    "SP401",
    "schema-conflict",
    Severity.WARNING,
    "Parts of an `allOf` contradict each other.",
    "No value can satisfy both, and what is sent nevertheless satisfies at most one: so any value is taken there.",
    "Make the parts agree, or take the member out of one of them.",
)
UNSUPPORTED_MEDIA_TYPE: Final = Rule(
    "SP402",
    "unsupported-media-type",
    Severity.WARNING,
    "A media type has no typed representation here.",
    "Bodies of this type are handed over as bytes, or left out where another media type stands beside it.",
    "Offer a JSON representation beside it, if there is one.",
)
UNSUPPORTED_KEYWORD: Final = Rule(
    "SP403",
    "unsupported-keyword",
    Severity.INFO,
    "A JSON Schema keyword is not enforced by the generated code.",
    "Values that it forbids are neither refused when building nor noted when reading.",
    "Nothing needs to be done; the API still checks it.",
)
UNSUPPORTED_SECURITY: Final = Rule(
    "SP404",
    "unsupported-security",
    Severity.WARNING,
    "A way to authenticate cannot be carried out by the generated client.",
    "A request has one header field Authorization, and a scheme that is described elsewhere is not known.",
    "Hand in an HTTP client that authenticates, or describe a way that one request can carry.",
)
UNSUPPORTED_PARAMETER: Final = Rule(
    "SP405",
    "unsupported-parameter",
    Severity.WARNING,
    "A parameter cannot be sent by the generated client.",
    "The operation is generated without it.",
    "Send it with the headers of a call, or describe it in a supported form.",
)
PAGINATION: Final = Rule(
    "SP406",
    "pagination",
    Severity.ERROR,
    "A pagination note does not fit the operation.",
    "Iterating over pages would stop after the first one, or never.",
    "Name the JSON Pointers of the items and of the next cursor, and the query parameter, or the member of the body, that takes the cursor.",
)
IMPOSSIBLE_OPTION: Final = Rule(
    "SP407",
    "impossible-option",
    Severity.WARNING,
    "An option of `oneOf` or `anyOf` contradicts what stands beside the options.",
    "No value can be of that option, so it is left out of the union.",
    "Correct the option, or move what stands beside it into the options that it is meant for.",
)
IGNORED_PARAMETER: Final = Rule(
    "SP410",
    "ignored-parameter",
    Severity.INFO,
    "A parameter means nothing, as the operation sets it by itself.",
    "Accept and Content-Type follow from the media types of the operation, Authorization and API keys from its security.",
    "Describe the media types and the security scheme instead, and hand in the key as a credential.",
)
EXTERNAL_CREDENTIAL: Final = Rule(
    "SP411",
    "external-credential",
    Severity.INFO,
    "A credential belongs to the connection.",
    "A certificate is no part of a request, so the generated client neither asks for it nor checks it.",
    "Hand in an HTTP client that has the certificate.",
)
UNUSABLE_SERVER: Final = Rule(
    "SP412",
    "unusable-server",
    Severity.WARNING,
    "A server's URL does not say where requests go.",
    "Requests go to an http or https URL, to which the path of the operation is added.",
    "Give an http or https URL without query and fragment, and every variable a default.",
)
NO_FORM: Final = Rule(
    "SP413",
    "parameter-without-form",
    Severity.WARNING,
    "A value inside a parameter has no form of its own in the style of the parameter.",
    "OpenAPI leaves it undefined how an object or an array inside another one is written there, and whose member it is.",
    "Describe with `content` how the parameter is written, such as application/json, or take the style deepObject.",
)
BODILESS_STATUS: Final = Rule(
    "SP414",
    "bodiless-status",
    Severity.WARNING,
    "A response has content under a status that cannot have any.",
    "With 204, 205 and 304 no content is sent (RFC 9110, section 15): it is left out.",
    "Take the content out, or answer with another status, such as 200.",
)
FILE_IN_JSON: Final = Rule(
    "SP415",
    "file-in-json",
    Severity.WARNING,
    "A member of a JSON body is described as bytes, and JSON has none.",
    "Nobody says how bytes become a text. Those that are given are sent as the text that they are; base64 is not made of them, and "
    "what is no text is refused.",
    "Describe what the text is: `format: byte` in OpenAPI 3.0, `contentEncoding: base64` since 3.1; or offer multipart/form-data.",
)
DEFAULT_MISMATCH: Final = Rule(
    "SP430",
    "default-mismatch",
    Severity.INFO,
    "A default is no value that its own schema allows.",
    "The member has no default in the generated code: it is None, or missing, where it is not set.",
    "Correct the default, or the schema.",
)
BROKEN_LINK: Final = Rule(
    "SP420",
    "broken-link",
    Severity.WARNING,
    "A link of a response does not lead to an operation with the arguments that it gives.",
    "The link is left out: it is neither in the reference nor on the answer.",
    "Name an operation of the document and its parameters, and use the runtime expressions of the OpenAPI Specification.",
)
