"""Every error of the shop's catalog before the official `yookassa` SDK: its own exception where it has one, and what happens where not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from behaviour.loopback import served
from behaviour.shops import Script
from sdks import certificates
from sdks.encounters import NOTHING, Encounter, scripted_app
from sdks.official_shop import configured
from sdks.shop_encounters import OFFICIAL

from payments.yookassa import server

RAISED = {
    "invalid_request": Encounter("yookassa.BadRequestError", "InvalidRequestError invalid_request"),
    "invalid_credentials": Encounter("yookassa.UnauthorizedError", "InvalidCredentialsError invalid_credentials"),
    "forbidden": Encounter("yookassa.ForbiddenError", "ForbiddenError forbidden"),
    "not_found": Encounter("yookassa.NotFoundError", "NotFoundError not_found"),
    "method_not_allowed": Encounter("requests.JSONDecodeError"),
    "unsupported_media_type": Encounter("requests.JSONDecodeError"),
    "too_many_requests": Encounter("yookassa.TooManyRequestsError", "TooManyRequestsError too_many_requests"),
    "internal_server_error": Encounter("yookassa.InternalServerError", "InternalServerError internal_server_error"),
    "gone": Encounter("yookassa.GoneError", "GoneError gone"),
    "refusal": Encounter("yookassa.BadRequestError", "RuleViolationError refusal"),
    "not_supported": Encounter("yookassa.BadRequestError", "UnknownError not_supported"),
}
PROCESSING = {
    # After its own attempts: the exception of its HTTP library has no answer, which it does not expect.
    "createPayment": Encounter("AttributeError"),
    "getPayment": Encounter("yookassa.ResponseProcessingError", "UnknownError None"),
}
PENDING = (
    "payment_pending",
    "refund_pending",
    "payout_pending",
    "invoice_pending",
    "payment_method_pending",
    "receipt_pending",
)
NAMED_OTHERWISE = {
    "payment_canceled_by_merchant": "canceled_by_merchant",
    "invoice_canceled_by_hand": "invoice_canceled",
    "invoice_canceled_expired": "invoice_expired",
}
UNLISTED = ("payment_canceled", "refund_canceled", "payout_canceled", "invoice_canceled", "personal_data_canceled")
LOST = ("refund_canceled_payment_expired",)
REASONS = {
    "payment": """3d_secure_failed call_issuer by_merchant card_expired country_forbidden deal_expired expired_on_capture
        expired_on_confirmation fraud_suspected general_decline identification_required insufficient_funds
        internal_timeout invalid_card_number invalid_csc issuer_unavailable loan_declined loan_declined_by_payer
        loan_application_expired payment_method_limit_exceeded payment_method_restricted permission_revoked
        rejected_by_timeout unsupported_mobile_operator""",
    "refund": """yoo_money_account_closed insufficient_funds general_decline rejected_by_payee rejected_by_timeout
        payment_basket_id_not_found payment_article_number_not_found payment_tru_code_not_found
        too_many_refunding_articles some_articles_already_refunded payment_expired""",
    "payout": """insufficient_funds fraud_suspected one_time_limit_exceeded periodic_limit_exceeded rejected_by_payee
        general_decline issuer_unavailable recipient_not_found recipient_check_failed identification_required
        self_employed_annual_limit_exceeded""",
    "invoice": "by_hand expired general_decline payment_canceled payment_expired_on_capture",
}


def _notices() -> dict[str, Encounter]:
    """No exception for what is a success with a status; reasons that the SDK does not list become `unknown`."""
    found = {id: Encounter(NOTHING, "pending") for id in PENDING}
    found |= {id: Encounter(NOTHING, "canceled unknown") for id in UNLISTED}
    for kind, names in REASONS.items():
        for name in names.split():
            id = f"{kind}_canceled_{name}"
            reason = "unknown" if id in LOST else NAMED_OTHERWISE.get(id, name)
            found[id] = Encounter(NOTHING, f"canceled {reason}")
    return found | {"receipt_canceled": Encounter(NOTHING, "canceled")}


NOTICES = _notices()
IDS = [entry.contract.id for entry in OFFICIAL.house.catalog.errors]


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Script]:
    """What the stub does to the SDK, which speaks TLS with it: only then does it repeat anything."""
    script = Script()
    pem = certificates.written(tmp_path_factory.mktemp("tls"))
    with served(scripted_app(server, script), pem) as url, configured(url, pem):
        yield script


def test_every_error_of_the_catalog_is_here() -> None:
    assert sorted(IDS) == sorted([*RAISED, *NOTICES, "processing"])


@pytest.mark.xdist_group("official shop")
@pytest.mark.parametrize("id", IDS)
def test_what_the_sdk_makes_of_an_error(id: str, script: Script) -> None:
    met = OFFICIAL.meet(script, id)
    assert met
    expected = PROCESSING if id == "processing" else dict.fromkeys(met, (RAISED | NOTICES).get(id))
    assert met == expected
