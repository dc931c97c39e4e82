"""The failures that a web framework has by itself, and the status of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

FrameworkFailure = Literal[
    "route_not_found",
    "method_not_allowed",
    "not_acceptable",
    "unsupported_media_type",
    "request_validation",
    "credentials_missing",
    "credentials_invalid",
    "insufficient_scope",
    "payload_too_large",
    "headers_too_large",
    "idempotency_key_missing",
    "idempotency_key_reused",
    "idempotency_in_flight",
    "idempotency_outcome_unknown",
    "rate_limited",
    "not_implemented",
    "unhandled_exception",
]

FRAMEWORK_STATUS: Final[Mapping[str, int]] = {
    "route_not_found": 404,
    "method_not_allowed": 405,
    "not_acceptable": 406,
    "unsupported_media_type": 415,
    "request_validation": 400,
    "credentials_missing": 401,
    "credentials_invalid": 401,
    "insufficient_scope": 403,
    "payload_too_large": 413,
    "headers_too_large": 431,
    "idempotency_key_missing": 400,
    "idempotency_key_reused": 422,
    "idempotency_in_flight": 409,
    "idempotency_outcome_unknown": 500,
    "rate_limited": 429,
    "not_implemented": 501,
    "unhandled_exception": 500,
}
"""The status a framework failure is answered with, bare, where the catalog maps it to no error.

Those of idempotency keys are the ones of the IETF's draft-ietf-httpapi-idempotency-key-header, section 2.7.
"""

FRAMEWORK_STANDINS: Final[Mapping[str, FrameworkFailure]] = {
    "idempotency_key_missing": "request_validation",
    "idempotency_outcome_unknown": "unhandled_exception",
}
"""What a failure that the catalog does not map is answered as, where it maps that one."""
