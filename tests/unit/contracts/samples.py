"""The sample answers of the vendors' documentation, typed by hand: API, error (None for a success), head and body."""

from __future__ import annotations

from typing import Any

# The sample responses of the vendors: where they stand, their heads, and the bodies as values.
# A header line that ends in "…" is compared up to there: the signatures are long and mean nothing here.
SAMPLES: tuple[tuple[str, str | None, tuple[str, ...], Any], ...] = (
    (
        "yookassa",
        "payment_pending",
        (
            "HTTP/2 200",
            "Server: nginx",
            "Date: Thu, 21 Apr 2022 07:39:21 GMT",
            "Content-Type: application/json;charset=UTF-8",
            "Content-Length: 579",
            "Signature: v1 29f31de9 1 MGUCMQCIu97XzcGGvH2C5C…",
            "Strict-Transport-Security: max-age=15768000",
        ),
        {
            "id": "29f31de9-000f-5000-a000-109987b98a6a",
            "status": "pending",
            "amount": {"value": "2.00", "currency": "RUB"},
            "description": "Заказ №1",
            "recipient": {"account_id": "152368", "gateway_id": "459728"},
            "created_at": "2022-04-21T07:39:21.471Z",
            "confirmation": {
                "type": "redirect",
                "confirmation_url": "https://yoomoney.ru/checkout/payments/v2/contract"
                "?orderId=29f31de9-000f-5000-a000-109987b98a6a",
            },
            "test": False,
            "paid": False,
            "refundable": False,
            "metadata": {"order_id": "37"},
        },
    ),
    (
        "yookassa",
        "invalid_request",
        (
            "HTTP/2 400",
            "Server: nginx",
            "Date: Thu, 21 Apr 2022 07:51:44 GMT",
            "Content-Type: application/json;charset=UTF-8",
            "Content-Length: 238",
            "Signature: v1 29f320d0 1 MGQCMHU++9/SylfnZ4u5PW…",
        ),
        {
            "type": "error",
            "id": "55a02ced-be5d-462d-a6fb-0ace18881671",
            "code": "invalid_request",
            "description": "Idempotence key is too long. Send the value in accordance with the documentation",
            "parameter": "Idempotence-Key",
        },
    ),
    (
        "yookassa",
        "invalid_credentials",
        (
            "HTTP/2 401",
            "Server: nginx",
            "Date: Thu, 21 Apr 2022 07:49:13 GMT",
            "Content-Type: application/json;charset=UTF-8",
            "Content-Length: 202",
            "WWW-Authenticate: Basic",
            "Signature: v1 29f32039 1 MGQCME00FWXiu+F4Jdj1vd…",
        ),
        {
            "type": "error",
            "id": "c7e8fadc-c21f-4074-b1ac-d85234eeca1d",
            "code": "invalid_credentials",
            "description": "Authentication by given credentials failed",
            "parameter": "Authorization",
        },
    ),
    (
        "yookassa",
        "forbidden",
        (
            "HTTP/2 403",
            "Server: nginx",
            "Date: Wed, 20 Apr 2022 13:55:23 GMT",
            "Content-Type: application/json;charset=UTF-8",
            "Content-Length: 281",
            "Signature: v1 29f2248b 1 MGQCMEl6TymNwpekysxE+4…",
        ),
        {
            "type": "error",
            "id": "17a47682-8d47-4655-a414-a58bdbcd46f9",
            "code": "forbidden",
            "description": "You don't have the rights to send bank card details: you need a PCI DSS certificate and a "
            "permission on YooMoney's side. Contact your YooMoney manager to learn more",
        },
    ),
    (
        "yookassa",
        "not_found",
        (
            "HTTP/2 404",
            "Server: nginx",
            "Date: Thu, 21 Apr 2022 08:09:24 GMT",
            "Content-Type: application/json;charset=UTF-8",
            "Content-Length: 254",
            "Signature: v1 29f324f4 1 MGQCMD6EOqWtagcxQ7MkfN…",
        ),
        {
            "type": "error",
            "id": "cadc8c9c-26bb-417d-829d-261010fac3d5",
            "code": "not_found",
            "description": "Incorrect payment_id. Payment doesn't exist or access denied. "
            "Specify the payment ID created in your store.",
            "parameter": "payment_id",
        },
    ),
    (
        "yookassa",
        "method_not_allowed",
        (
            "HTTP/2 405",
            "Server: nginx",
            "Date: Thu, 21 Apr 2022 08:14:15 GMT",
            "Content-Length: 0",
            "Allow: POST",
            "Reason-Phrase: Request method 'GET' not supported",
            "Signature: v1 29f32617 1 MGQCMA1qpDjDJjRnA7U+2a…",
        ),
        None,
    ),
    (
        "yookassa",
        "unsupported_media_type",
        (
            "HTTP/2 415",
            "Server: nginx",
            "Date: Tue, 12 Apr 2022 15:48:10 GMT",
            "Content-Length: 0",
            "Accept: application/json",
            "Reason-Phrase: Content type 'text/html;charset=utf-8' not supported",
            "Signature: v1 29e7b2fa 1 MGQCMDzQ4/8Z/dPinpHZ53…",
        ),
        None,
    ),
    (
        "yookassa",
        "too_many_requests",
        (
            "HTTP/2 429",
            "Server: nginx",
            "Date: Wed, 20 Apr 2022 14:04:13 GMT",
            "Content-Type: application/json",
            "Content-Length: 199",
            "Signature: v1 29f2269d 1 MGUCMQCJiMvqupFLDI4PY0…",
        ),
        {
            "type": "error",
            "id": "2a9ab90e-f69f-4844-980b-4e3ec4ff1c86",
            "code": "too_many_requests",
            "description": "Wow, so many requests! Try to use an exponential backoff of your requests.",
        },
    ),
    (
        "yookassa",
        "internal_server_error",
        (
            "HTTP/2 500",
            "Server: nginx",
            "Date: Wed, 20 Apr 2022 14:06:10 GMT",
            "Content-Type: application/json;charset=UTF-8",
            "Content-Length: 150",
            "Signature: v1 29f22712 1 MGQCMDPcoCj6+TevC0oZqw…",
        ),
        {
            "type": "error",
            "id": "dd6112e5-9bc8-4382-9f6d-11e9ec39c9c3",
            "code": "internal_server_error",
            "description": "Internal server error",
        },
    ),
    (
        "yookassa",
        "payment_pending",
        ("200", "Content-Type: application/json"),
        {
            "id": "23d93cac-000f-5000-8000-126628f15141",
            "status": "pending",
            "paid": False,
            "amount": {"value": "100.00", "currency": "RUB"},
            "confirmation": {
                "type": "redirect",
                "confirmation_url": "https://yoomoney.ru/api-pages/v2/payment-confirm/epl"
                "?orderId=23d93cac-000f-5000-8000-126628f15141",
            },
            "created_at": "2019-01-22T14:30:45.129Z",
            "description": "Order No. 1",
            "metadata": {},
            "recipient": {"account_id": "100500", "gateway_id": "100700"},
            "refundable": False,
            "test": False,
        },
    ),
    (
        "yookassa",
        "invalid_request",
        ("400", "Content-Type: application/json"),
        {
            "type": "error",
            "id": "e65a8f85-f8b7-4f4f-9fd3-bfef99aacbbb",
            "code": "invalid_request",
            "description": "Idempotence key is too long. Send the value in accordance with the documentation",
            "parameter": "Idempotence-Key",
        },
    ),
    (
        "yoomoney-wallet",
        None,
        (
            "HTTP/1.1 200 OK",
            "Content-Type: application/json",
            "Content-Length: 51",
            "Expires: Thu, 01 Dec 2019 16:00:00 GMT",
            "Cache-Control: no-cache",
        ),
        None,
    ),
    (
        "yoomoney-wallet",
        "invalid_request",
        ("HTTP/1.1 400 Bad Request", 'WWW-Authenticate: Bearer error="invalid_request"'),
        None,
    ),
    (
        "yoomoney-wallet",
        "invalid_token",
        (
            "HTTP/1.1 401 Unauthorized",
            'WWW-Authenticate: Bearer error="invalid_token", error_description="The access token has expired"',
        ),
        None,
    ),
    (
        "yoomoney-wallet",
        "insufficient_scope",
        (
            "HTTP/1.1 403 Forbidden",
            'WWW-Authenticate: Bearer error="insufficient_scope", '
            'error_description="Payment forbidden by application authorization parameters"',
        ),
        None,
    ),
    (
        "paysera",
        "forbidden",
        ("HTTP/1.1 403 Forbidden", "Content-type: application/json;charset=utf-8"),
        {
            "error": "forbidden",
            "error_description": "This resource is assigned to other project, client has no rights to read it",
        },
    ),
    (
        "makecommerce",
        "invalid_request",
        ("400", "Content-Type: application/json"),
        {
            "code": 1001,
            "message": "Invalid input",
            "errors": [
                {"resource": "transaction", "field": "currency", "type": "invalid"},
                {"resource": "customer", "field": "ip", "type": "missing"},
            ],
        },
    ),
    (
        "makecommerce",
        "bad_request",
        ("400", "Content-Type: application/json"),
        {
            "code": 400,
            "message": "Bad Request",
            "errors": [{"type": "validation", "parameter": "transaction.amount", "expected": "string"}],
        },
    ),
)
