"""The contract of the corner shop as data."""

from __future__ import annotations

from typing import Final

from sadpath.runtime.contract import (
    ApiContract,
    Attribute,
    Format,
    IdempotencyScheme,
    Items,
    Policy,
    RetryAfter,
    Security,
    Selector,
    Server,
)

API: Final = ApiContract(
    name="cornershop",
    title="Corner Shop",
    servers=(Server("https://api.cornershop.test/v1"),),
    formats={
        "error-object": Format(
            name="error-object",
            media_types=("application/json",),
            code=Selector(body="/code"),
            message=Selector(body="/description"),
            constants={"/type": "error"},
            attributes={
                "support_id": Attribute(
                    Selector(body="/id"), role="support_reference", required=True, generate="uuid4"
                ),
                "parameter": Attribute(Selector(body="/parameter"), role="field"),
            },
            order=("/type", "/id", "/code", "/description", "/parameter"),
        ),
        "numbered": Format(
            name="numbered",
            media_types=("application/json",),
            code=Selector(body="/code", type="integer"),
            message=Selector(body="/message"),
            items=Items(
                at="/errors",
                fields={
                    "resource": Attribute(Selector(body="/resource")),
                    "field": Attribute(Selector(body="/field"), role="field"),
                    "type": Attribute(Selector(body="/type")),
                },
            ),
            order=("/code", "/message", "/errors"),
        ),
        "bearer": Format(
            name="bearer",
            code=Selector(auth="error"),
            message=Selector(auth="error_description"),
            also_accept=("oauth-body",),
        ),
        "oauth-body": Format(
            name="oauth-body",
            media_types=("application/json",),
            code=Selector(body="/error"),
            message=Selector(body="/error_description"),
        ),
        "bare": Format(
            name="bare",
            message=Selector(header="Reason-Phrase"),
            attributes={"allow": Attribute(Selector(header="Allow", type="csv"))},
        ),
        "refusal": Format(
            name="refusal",
            media_types=("application/json",),
            code=Selector(body="/error"),
            constants={"/status": "refused"},
            order=("/status", "/error"),
        ),
        "order": Format(name="order", media_types=("application/json",)),
    },
    idempotency={"key": IdempotencyScheme("key", "Idempotence-Key", max_length=64, retention=86400.0)},
    policies={
        "patient": Policy(
            "patient",
            backoff="fibonacci",
            retry_after=RetryAfter(Selector(body="/retry_after", type="integer", unit="ms"), 120.0),
        )
    },
    framework={
        "route_not_found": "not_found",
        "method_not_allowed": "method_not_allowed",
        "request_validation": "invalid_request",
        "credentials_missing": "invalid_credentials",
        "credentials_invalid": "invalid_credentials",
        "unhandled_exception": "internal_server_error",
        "rate_limited": "too_many_requests",
    },
)

BASIC: Final = Security("shop", "basic")
OAUTH: Final = Security("oauth", "oauth2", scopes=("orders",))
EITHER: Final = ((BASIC,), (OAUTH,))
