"""Every error of the wallet's catalog before PyPI's `yoomoney`: its own exception where it has one, and what happens where not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import yoomoney
from behaviour.loopback import served
from behaviour.shops import Script
from sdks.encounters import Client, scripted_app
from sdks.official_wallet import wallet_client
from sdks.wallet_encounters import wallet_at

from payments.yoomoney_wallet import server

OWN = {
    "token_request_invalid": "yoomoney.InvalidRequest",
    "unauthorized_client": "yoomoney.UnauthorizedClient",
    "invalid_grant": "yoomoney.InvalidGrant",
    "token_refused": "yoomoney.TechnicalError",
    "token_missing": "yoomoney.EmptyToken",
    "illegal_param_type": "yoomoney.IllegalParamType",
    "illegal_param_start_record": "yoomoney.IllegalParamStartRecord",
    "illegal_param_records": "yoomoney.IllegalParamRecords",
    "illegal_filter_label": "yoomoney.IllegalParamLabel",
    "illegal_param_from": "yoomoney.IllegalParamFromDate",
    "illegal_param_till": "yoomoney.IllegalParamTillDate",
    "illegal_param_operation_id": "yoomoney.IllegalParamOperationId",
    "operations_unavailable": "yoomoney.TechnicalError",
}
# Answers without a body: the client reads JSON whatever the status is, and never WWW-Authenticate.
FOREIGN = dict.fromkeys(
    ("invalid_request", "invalid_token", "insufficient_scope", "internal_server_error"), "json.JSONDecodeError"
) | {"account_info_failed": "pydantic_core.ValidationError"}
# Without a page to go to, the dialogue goes on and asks for the code.
SILENT = {"access_denied"}
# Payments, transfers and forms: there is nothing to call.
ABSENT = {
    "authorization": "token_already_void",
    "transfers": """transfer_not_found illegal_param_protection_code recipient_has_to_act already_accepted
        already_rejected""",
    "payments": """illegal_params illegal_param_label illegal_param_to illegal_param_amount illegal_param_amount_due
        illegal_param_comment illegal_param_message illegal_param_expire_period illegal_param_csc
        illegal_param_ext_auth_success_uri illegal_param_ext_auth_fail_uri not_enough_funds payment_refused
        payee_not_found authorization_reject limit_exceeded account_blocked account_closed ext_action_required
        phone_unknown technical_error contract_not_found money_source_not_available authorization_refused refused
        payment_in_progress ext_auth_required unknown_status""",
    "external_payments": """illegal_param_client_id illegal_param_instance_id illegal_param_request_id
        illegal_param_money_source_token refused_unlisted""",
    "showcases": "form_not_found form_values_refused illegal_param_query search_failed",
}
NOWHERE = {id for ids in ABSENT.values() for id in ids.split()}


@pytest.fixture(scope="module")
def script() -> Script:
    return Script()


@pytest.fixture(scope="module")
def wallet(script: Script) -> Iterator[Client]:
    with served(scripted_app(server, script)) as url, wallet_client(url, "token") as client:
        yield wallet_at(url, client)


def test_every_error_of_the_catalog_is_here(wallet: Client) -> None:
    ids = [entry.contract.id for entry in wallet.house.catalog.errors]
    assert sorted(ids) == sorted([*OWN, *FOREIGN, *SILENT, *NOWHERE])


@pytest.mark.parametrize("id", [*OWN, *FOREIGN])
def test_what_the_client_makes_of_an_error(id: str, script: Script, wallet: Client) -> None:
    met = wallet.meet(script, id)
    assert met and {one.raised for one in met.values()} == {(OWN | FOREIGN)[id]}


def test_there_is_no_call_for_the_rest(wallet: Client) -> None:
    assert {id for id in NOWHERE if wallet.operations(id)} == set()
    offered = {name for name in vars(yoomoney.Client) if not name.startswith("_")}
    assert offered == {"close", "account_info", "operation_history", "operation_details"}
