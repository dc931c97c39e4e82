"""Holds the four catalogs against the vendors' tables and sample responses, which are typed here by hand and nowhere derived."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from unit.contracts.samples import SAMPLES

SPECS = Path(__file__).parents[3] / "specs"
APIS = ("yookassa", "yoomoney-wallet", "paysera", "makecommerce")

Entry = Mapping[str, Any]


@cache
def catalog(api: str) -> Entry:
    loaded: Entry = yaml.safe_load((SPECS / api / "errors.yaml").read_text(encoding="utf-8"))
    return loaded


@cache
def document(api: str) -> Entry:
    loaded: Entry = yaml.safe_load((SPECS / api / "openapi.yaml").read_text(encoding="utf-8"))
    return loaded


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def entries(api: str, status: int, code: str | int | None) -> list[str]:
    """The ids of the entries that are known by this status and code, or by this status alone where `code` is None."""
    found = []
    for name, entry in catalog(api)["errors"].items():
        match = entry["match"]
        same_code = code in as_list(match.get("code")) if code is not None else "code" not in match
        plain = not match.get("other_codes") and "when" not in match
        if status in as_list(match.get("status")) and same_code and plain:
            found.append(name)
    # The tables are those of all operations; what an operation means by the same word is an entry beside.
    return [name for name in found if "operations" not in catalog(api)["errors"][name]["match"]] or found


# Every status and code of the vendors' tables.
ROWS: tuple[tuple[str, int, str | int | None], ...] = (
    ("yookassa", 400, "invalid_request"),
    ("yookassa", 401, "invalid_credentials"),
    ("yookassa", 403, "forbidden"),
    ("yookassa", 404, "not_found"),
    ("yookassa", 405, None),
    ("yookassa", 415, None),
    ("yookassa", 429, "too_many_requests"),
    ("yookassa", 500, "internal_server_error"),
    ("yoomoney-wallet", 400, "invalid_request"),
    ("yoomoney-wallet", 401, "invalid_token"),
    ("yoomoney-wallet", 403, "insufficient_scope"),
    ("yoomoney-wallet", 500, None),
    ("paysera", 400, "invalid_request"),
    ("paysera", 400, "invalid_parameters"),
    ("paysera", 401, "unauthorized"),
    ("paysera", 403, "forbidden"),
    ("paysera", 404, "not_found"),
    ("paysera", 406, "not_acceptable"),
    ("paysera", 409, "invalid_state"),
    ("paysera", 500, "internal_server_error"),
    ("makecommerce", 400, None),
    ("makecommerce", 401, None),
    ("makecommerce", 404, None),
    ("makecommerce", 409, None),
    ("makecommerce", 415, None),
    ("makecommerce", 500, None),
    ("makecommerce", 400, 1001),
    ("makecommerce", 400, 1002),
    ("makecommerce", 404, 1002),
    ("makecommerce", 400, 1011),
    ("makecommerce", 400, 1012),
    ("makecommerce", 400, 1013),
    ("makecommerce", 400, 1021),
    ("makecommerce", 400, 1031),
    ("makecommerce", 400, 1032),
    ("makecommerce", 400, 1033),
    ("makecommerce", 400, 1034),
    ("makecommerce", 400, 1035),
    ("makecommerce", 400, 1036),
    ("makecommerce", 400, 1041),
    ("makecommerce", 400, 1042),
    ("makecommerce", 400, 1061),
    ("makecommerce", 400, 1062),
    ("makecommerce", 400, 1063),
    ("makecommerce", 400, 1064),
    ("makecommerce", 400, 1065),
    ("makecommerce", 400, 2003),
    ("makecommerce", 400, 2005),
)


@pytest.mark.parametrize(("api", "status", "code"), ROWS)
def test_each_row_of_the_tables_is_one_entry(api: str, status: int, code: str | int | None) -> None:
    assert len(entries(api, status, code)) == 1


@pytest.mark.parametrize(("api", "status", "code"), ROWS)
def test_what_the_tables_say_is_marked_as_documented(api: str, status: int, code: str | int | None) -> None:
    [name] = entries(api, status, code)
    entry = catalog(api)["errors"][name]
    assert entry["certainty"] == "documented"
    assert any("https://" in source for source in as_list(entry["source"]))


FAMILIES = {
    "ShopError": [1010, 1019],
    "TransactionError": [1020, 1029],
    "PaymentError": [1030, 1039],
    "RefundError": [1040, 1049],
    "CustomerError": [1050, 1059],
    "TokenError": [1060, 1069],
}


def test_the_families_of_codes_are_complete() -> None:
    assert {name: family["range"] for name, family in catalog("makecommerce")["families"].items()} == FAMILIES


# What the vendor says about the idempotence key of the next attempt.
KEY_RULES = {400: "new", 401: "either", 403: "new", 404: "new", 405: "new", 415: "new", 429: "unspecified", 500: "same"}


@pytest.mark.parametrize(("status", "rule"), KEY_RULES.items())
def test_the_key_rule_of_each_status(status: int, rule: str) -> None:
    codes = [code for api, row, code in ROWS if api == "yookassa" and row == status]
    [name] = entries("yookassa", status, codes[0])
    assert catalog("yookassa")["errors"][name]["key"] == rule


def test_the_unknown_result_is_repeated_as_the_vendor_says() -> None:
    failure = catalog("yookassa")["errors"]["internal_server_error"]
    policy = catalog("yookassa")["policies"][failure["policy"]]
    assert (failure["outcome"], failure["next"]) == ("by_effect", "repeat")
    assert (policy["backoff"], policy["max_elapsed"], policy["on_exhausted"]) == ("fibonacci", "30m", "contact_support")
    assert catalog("yookassa")["idempotency"]["key"]["retention"] == "24h"


def test_the_wallet_repeats_a_technical_error_with_the_same_parameters() -> None:
    failure = catalog("yoomoney-wallet")["errors"]["internal_server_error"]
    assert (failure["next"], failure["match"]["format"]) == ("repeat", "status-only")
    assert catalog("yoomoney-wallet")["formats"]["status-only"] == {}
    assert catalog("yoomoney-wallet")["operations"]["processPayment"]["natural_key"] == {
        "request": "body",
        "at": "/request_id",
    }


def test_all_other_values_mean_the_opposite_in_the_two_steps_of_a_payment() -> None:
    errors = catalog("yoomoney-wallet")["errors"]
    others = {
        operation: entry["next"]
        for entry in errors.values()
        if entry["match"].get("other_codes")
        for operation in entry["match"]["operations"]
    }
    assert {id for id, step in others.items() if step == "repeat"} == {
        "accountInfo",
        "operationHistory",
        "operationDetails",
        "requestPayment",
        "searchShowcases",
    }
    assert {id for id, step in others.items() if step == "stop"} == {
        "exchangeToken",
        "incomingTransferAccept",
        "incomingTransferReject",
        "instanceId",
        "processPayment",
        "requestExternalPayment",
        "processExternalPayment",
    }


REFUSALS = {
    "requestPayment": {
        "illegal_params",
        "illegal_param_label",
        "illegal_param_to",
        "illegal_param_amount",
        "illegal_param_amount_due",
        "illegal_param_comment",
        "illegal_param_message",
        "illegal_param_expire_period",
        "not_enough_funds",
        "payment_refused",
        "payee_not_found",
        "authorization_reject",
        "limit_exceeded",
        "account_blocked",
        "account_closed",
        "ext_action_required",
        "phone_unknown",
    },
    "processPayment": {
        "contract_not_found",
        "not_enough_funds",
        "limit_exceeded",
        "money_source_not_available",
        "illegal_param_csc",
        "illegal_param_ext_auth_success_uri",
        "illegal_param_ext_auth_fail_uri",
        "payment_refused",
        "authorization_reject",
        "account_blocked",
    },
    "operationHistory": {
        "illegal_param_type",
        "illegal_param_start_record",
        "illegal_param_records",
        "illegal_param_label",
        "illegal_param_from",
        "illegal_param_till",
    },
    "operationDetails": {"illegal_param_operation_id"},
    "exchangeToken": {"invalid_request", "unauthorized_client", "invalid_grant"},
    "incomingTransferAccept": {
        "illegal_param_protection_code",
        "illegal_param_operation_id",
        "ext_action_required",
        "already_accepted",
        "already_rejected",
    },
    "incomingTransferReject": {"illegal_param_operation_id", "already_accepted", "already_rejected"},
    "instanceId": {"illegal_param_client_id"},
    "requestExternalPayment": {
        "illegal_params",
        "illegal_param_to",
        "illegal_param_amount",
        "illegal_param_amount_due",
        "illegal_param_message",
        "illegal_param_instance_id",
        "payee_not_found",
        "payment_refused",
        "authorization_reject",
    },
    "processExternalPayment": {
        "illegal_param_instance_id",
        "illegal_param_request_id",
        "illegal_param_csc",
        "illegal_param_money_source_token",
        "payment_refused",
        "authorization_reject",
    },
}


@pytest.mark.parametrize(("operation", "codes"), REFUSALS.items())
def test_the_refusals_of_the_wallet_come_with_success_statuses(operation: str, codes: set[str]) -> None:
    found = {
        entry["match"]["code"]
        for entry in catalog("yoomoney-wallet")["errors"].values()
        if operation in entry["match"].get("operations", ()) and "code" in entry["match"]
    }
    assert found == codes


def test_a_conflict_of_states_is_never_repeated_as_it_is() -> None:
    conflict = catalog("paysera")["errors"]["invalid_state"]
    assert (conflict["next"], conflict["automatic"]) == ("check", False)


OPT_IN = {
    "yookassa": {
        "payment_pending",
        "payment_canceled",
        "refund_pending",
        "refund_canceled",
        "payout_pending",
        "payout_canceled",
        "invoice_pending",
        "invoice_canceled",
        "payment_method_pending",
        "receipt_pending",
        "receipt_canceled",
        "personal_data_canceled",
    },
    "yoomoney-wallet": {"payment_in_progress", "ext_auth_required"},
    "paysera": set[str](),
    "makecommerce": set[str](),
}


@pytest.mark.parametrize(("api", "names"), OPT_IN.items())
def test_success_shaped_outcomes_are_raised_on_request_only(api: str, names: set[str]) -> None:
    errors = catalog(api)["errors"]
    found = {name: entry for name, entry in errors.items() if entry.get("raise") == "opt_in"}
    assert {name for name, entry in found.items() if "kind_of" not in entry} == names
    assert all(entry["match"]["status"] == 200 for entry in found.values())


def values_of(schema: str) -> set[str]:
    """What the document lists for an enumeration."""
    document = yaml.safe_load((SPECS / "yookassa" / "openapi.yaml").read_text("utf-8"))
    return set(document["components"]["schemas"][schema]["enum"])


@pytest.mark.parametrize(
    ("parent", "schema", "further"),
    [
        (
            "payment_canceled",
            "PaymentCancellationReason",
            {"loan_declined_by_payer", "loan_application_expired", "rejected_by_timeout"},
        ),
        ("refund_canceled", "RefundCancellationReason", set[str]()),
        ("payout_canceled", "PayoutCancellationReason", set[str]()),
        ("invoice_canceled", "InvoiceCancellationReason", set[str]()),
    ],
)
def test_every_reason_of_a_cancellation_is_an_entry_and_is_explained(
    parent: str, schema: str, further: set[str]
) -> None:
    errors = catalog("yookassa")["errors"]
    kinds = {name: entry for name, entry in errors.items() if entry.get("kind_of") == parent}
    told = {entry["match"]["when"][1]["equals"]: entry for entry in kinds.values()}
    assert set(told) == values_of(schema) | further
    assert set(errors[parent]["attributes"]["cancellation_reason"]["values"]) == set(told)
    assert all(entry["match"]["operations"] == errors[parent]["match"]["operations"] for entry in kinds.values())
    assert all((entry["outcome"], entry["key"]) == ("rejected", "new") for entry in kinds.values())
    assert all(told[reason]["certainty"] == "sdk" for reason in further)


def split(response: Any) -> tuple[tuple[str, ...], str]:
    """The lines of an example's head (its status alone where no status line is shown) and the text of its body."""
    if isinstance(response, str):
        head, _, body = response.partition("\n\n")
        return tuple(head.split("\n")), body
    lines = (str(response["status"]), *(f"{name}: {value}" for name, value in response.get("headers", {}).items()))
    return lines, response.get("body", "")


def examples(api: str, name: str | None) -> Iterator[Entry]:
    """The vendor's examples of an entry, or of successes where no entry is named; those we composed are left out."""
    holder = catalog(api) if name is None else catalog(api)["errors"][name]
    return (example for example in holder.get("examples", ()) if not example.get("composed"))


def same_line(wanted: str, line: str) -> bool:
    return line.startswith(wanted[:-1]) and len(line) > len(wanted) if wanted.endswith("…") else line == wanted


def shows(example: Entry, head: tuple[str, ...], body: Any) -> bool:
    lines, text = split(example["response"])
    same_head = len(lines) == len(head) and all(map(same_line, head, lines))
    return same_head and (json.loads(text) if text else None) == body


@pytest.mark.parametrize(("api", "name", "head", "body"), SAMPLES)
def test_each_sample_response_is_an_example(api: str, name: str | None, head: tuple[str, ...], body: Any) -> None:
    assert [example["id"] for example in examples(api, name) if shows(example, head, body)]


@pytest.mark.parametrize("api", APIS)
def test_every_other_example_is_marked_as_composed(api: str) -> None:
    shown = sum(sample[0] == api for sample in SAMPLES)
    marked_as_the_vendors = sum(1 for name in (None, *catalog(api)["errors"]) for _ in examples(api, name))
    assert marked_as_the_vendors == shown


@pytest.mark.parametrize("name", sorted({sample[1] for sample in SAMPLES if sample[0] == "yookassa" and sample[1]}))
def test_verbatim_bodies_have_the_length_that_their_heads_announce(name: str) -> None:
    announced = 0
    for example in examples("yookassa", name):
        lines, body = split(example["response"])
        for line in lines:
            if line.startswith("Content-Length: "):
                announced += 1
                assert len(body.encode()) == int(line.removeprefix("Content-Length: "))
    assert announced == 1


def test_a_head_without_a_body_is_marked_where_the_vendor_shows_no_more() -> None:
    truncated = {
        example["id"]
        for name in (None, *catalog("yoomoney-wallet")["errors"])
        for example in examples("yoomoney-wallet", name)
        if example.get("truncated")
    }
    assert truncated == {"successful-response", "missing-header", "expired-token", "payment-forbidden"}


# The catalogs as a whole.
def texts(api: str) -> Iterator[tuple[str, Any]]:
    for name, entry in catalog(api)["errors"].items():
        yield f"{name}.title", entry["title"]
        yield f"{name}.description", entry["description"]
        payer = entry["audience"]["payer"]
        if payer != "never":
            yield f"{name}.audience", payer
        for kind in ("causes", "remedies"):
            for number, item in enumerate(entry.get(kind, ())):
                yield f"{name}.{kind}.{number}", item["text"] if isinstance(item, dict) and "text" in item else item
        for attribute, facts in entry.get("attributes", {}).items():
            yield f"{name}.{attribute}", facts["description"]
            for value, meaning in facts.get("values", {}).items():
                yield f"{name}.{attribute}.{value}", meaning


@pytest.mark.parametrize("api", APIS)
def test_every_text_is_there_in_every_locale(api: str) -> None:
    locales = catalog(api)["info"]["locales"]
    for place, text in texts(api):
        values = [text] if isinstance(text, str) else [text[locale] for locale in locales]
        assert isinstance(text, str) == (len(locales) == 1), place
        assert all(value.strip() for value in values), place


@pytest.mark.parametrize("api", APIS)
def test_every_entry_says_what_to_do_and_who_may_be_told(api: str) -> None:
    for name, entry in catalog(api)["errors"].items():
        missing = {"category", "fault", "outcome", "next", "remedies", "audience", "source", "certainty"} - entry.keys()
        assert not missing, name


@pytest.mark.parametrize("api", APIS)
def test_names_used_in_a_catalog_are_defined_there(api: str) -> None:
    loaded = catalog(api)
    for name, entry in loaded["errors"].items():
        assert entry.get("policy", "") in {"", *loaded.get("policies", {})}, name
        assert entry["match"].get("format", "success") in {"success", *loaded["formats"]}, name
        assert set(entry["match"].get("operations", ())) <= loaded["operations"].keys(), name
        assert {example["operation"] for example in entry.get("examples", ())} <= loaded["operations"].keys(), name
    assert set(loaded["framework"].values()) <= loaded["errors"].keys()
    assert loaded["default_format"] in loaded["formats"]


# The documents beside the catalogs.
METHODS = {"get", "put", "post", "delete", "patch", "head", "options", "trace"}


def operations(api: str) -> dict[str, Entry]:
    paths: Mapping[str, Entry] = document(api)["paths"]
    return {item[method]["operationId"]: item[method] for item in paths.values() for method in METHODS & item.keys()}


@pytest.mark.parametrize("api", APIS)
def test_document_and_catalog_describe_the_same_operations(api: str) -> None:
    assert operations(api).keys() == catalog(api)["operations"].keys()


@pytest.mark.parametrize("api", APIS)
def test_documents_leave_failures_to_the_catalog(api: str) -> None:
    statuses = [status for operation in operations(api).values() for status in operation["responses"]]
    assert all(status[0] in "23" for status in statuses)


@pytest.mark.parametrize("name", ["Payment", "Refund"])
@pytest.mark.parametrize("kind", ["Party", "Reason"])
def test_reasons_of_cancellation_are_explained_where_they_are_listed(name: str, kind: str) -> None:
    listed = document("yookassa")["components"]["schemas"][f"{name}Cancellation{kind}"]["enum"]
    attributes = catalog("yookassa")["errors"][f"{name.lower()}_canceled"]["attributes"]
    explained = attributes[f"cancellation_{kind.lower()}"]["values"]
    assert set(listed) <= explained.keys()
