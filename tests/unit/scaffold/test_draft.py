"""What a draft says of a document and of tables: every code, where it comes from, and no answer that nobody gave."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import pytest
import yaml

from sadpath.cli.console import ExitCode
from sadpath.cli.result import conclude
from sadpath.cli.scaffold import Options, run_scaffold

DOCUMENT = """
openapi: 3.1.0
info: {title: Corner shop, version: "1"}
paths:
  /payments:
    post:
      operationId: pay
      parameters:
        - {name: Idempotency-Key, in: header, schema: {type: string, maxLength: 40}}
        - {name: Shop-Request-Id, in: header, schema: {type: string}}
      responses:
        "201": {description: Paid.}
        "400": {$ref: "#/components/responses/Wrong"}
        "401": {description: Who are you?, headers: {WWW-Authenticate: {schema: {type: string}}}}
        "409": {description: "Possible error codes: `already_paid`, `key_reused`."}
        "422":
          description: Refused.
          content:
            application/json:
              schema:
                allOf:
                  - properties:
                      details:
                        items:
                          anyOf:
                            - title: CARD_EXPIRED
                              properties: {issue: {enum: [CARD_EXPIRED]}, description: {enum: [The card is too old.]}}
                            - {properties: {issue: {const: BANK_TIMEOUT}}}
                            - {properties: {issue: {enum: [NO_MONEY, NO_BANK]}}}
                  - $ref: "#/components/schemas/Fault"
        "429": {description: Slow down., headers: {Retry-After: {schema: {type: integer}}}}
        "500": {description: Broken.}
  /payments/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get:
      operationId: getPayment
      responses: {"200": {description: It is there.}, "400": {$ref: "#/components/responses/Wrong"}}
    delete:
      operationId: refund
      responses: {"204": {description: Done.}, default: {description: Anything else.}}
  /names/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    put:
      operationId: rename
      responses: {"204": {description: Done.}}
  /search:
    post:
      operationId: searchNames
      responses: {"200": {description: Found.}}
components:
  responses:
    Wrong:
      description: The request is wrong.
      content:
        application/json:
          schema:
            oneOf: [{$ref: "#/components/schemas/BadName"}, {$ref: "#/components/schemas/BadDate"}]
            discriminator:
              propertyName: name
              mapping: {BAD_NAME: "#/components/schemas/BadName", BAD_DATE: "#/components/schemas/BadDate"}
          examples:
            other: {value: {name: BAD_YEAR, message: No such year.}}
  schemas:
    BadName: {title: The name is wrong, type: object, properties: {name: {type: string}, message: {type: string}}}
    BadDate: {type: object, properties: {name: {type: string}, message: {type: string}}}
    Fault:
      type: object
      properties:
        name: {type: string, enum: [REFUSED]}
        message: {type: string}
        3d_id: {type: string, description: "For: our support"}
        details: {type: array, items: {type: object, properties: {field: {type: string}, issue: {type: string}}}}
"""
TABLE = """
| Status | Code | Description |
|-|-|-|
| 200 | | It went well. |
| 422 | CARD_EXPIRED | The card has expired; another one is needed. |
| 400 | BAD_DAY | There is no such day. |
| 404 | NO_BANK | There is no bank. |
| 503 | | We are closed. |

| Error code | Meaning |
|-|-|
| E_17 | Odd. |
"""


class Drafted:
    """A draft: its text, what it says, and the questions above each entry."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tree: Any = yaml.safe_load(text)
        self.errors: dict[str, Any] = self.tree["errors"]

    def above(self, key: str) -> str:
        """The comment right above a key, on one line."""
        lines = self.text.splitlines()
        number = next(place for place, line in enumerate(lines) if line.strip().startswith(f"{key}:"))
        found: list[str] = []
        while lines[number - 1].strip().startswith("#"):
            number -= 1
            found.insert(0, lines[number].strip().lstrip("# "))
        return " ".join(found)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "openapi.yaml").write_text(DOCUMENT, encoding="utf-8")
    (tmp_path / "table.md").write_text(TABLE, encoding="utf-8")


def scaffold(options: Options) -> int:
    """The command, to its exit code."""
    return conclude(run_scaffold(options))


def drafted(*tables: str, document: str | None = "openapi.yaml", locales: str | None = None) -> Drafted:
    output = Path("errors.yaml")
    openapi = Path(document) if document is not None else None
    options = Options(openapi, tuple(map(Path, tables)), output, force=True, locales=locales)
    assert scaffold(options) == ExitCode.FINE
    return Drafted(output.read_text(encoding="utf-8"))


def test_every_code_of_the_document_is_there_with_where_it_stands() -> None:
    errors = drafted().errors
    first = {"status": 422, "code": "REFUSED", "format": "status-422", "operations": ["pay"]}
    for code in ("CARD_EXPIRED", "BANK_TIMEOUT", "NO_MONEY", "NO_BANK"):
        assert errors[code.lower()]["match"] == first | {"when": [{"body": "/details/0/issue", "equals": code}]}
        assert errors[code.lower()]["kind_of"] == "unprocessable_content"
    assert errors["card_expired"]["description"] == "The card is too old."
    assert "OPEN: the first fault in /details tells the failure" in drafted().above("status-422")
    both = {"status": 400, "format": "status-400", "operations": ["getPayment", "pay"]}
    assert errors["bad_request"]["match"] == both
    for code in ("BAD_NAME", "BAD_DATE", "BAD_YEAR"):
        assert errors[code.lower()]["match"] == both | {"code": code}
    assert errors["bad_name"]["title"] == "The name is wrong"
    assert {"unauthorized", "conflict", "too_many_requests", "internal_server_error", "other_failure", "refused"} < set(
        errors
    )


def test_what_may_have_happened_stays_unknown() -> None:
    found = drafted()
    assert {id for id, entry in found.errors.items() if entry.get("outcome")} == {
        "bank_timeout",
        "conflict",
        "no_bank",
        "no_money",
        "other_failure",
    }
    assert all(entry["outcome"] == "by_effect" for entry in found.errors.values() if "outcome" in entry)
    assert not any({"next", "key", "automatic", "policy", "fault"} & set(entry) for entry in found.errors.values())
    assert "OPEN: was the operation executed?" in found.above("internal_server_error")
    assert "OPEN: can the operation have been executed all the same?" in found.above("bank_timeout")
    assert "OPEN: was it refused before anything happened?" in found.above("no_money")


def test_operations_are_done_once_unless_their_method_says_otherwise_and_no_money_moves() -> None:
    found = drafted()
    effects = {name: facts["effect"] for name, facts in found.tree["operations"].items()}
    assert effects == {"pay": "once", "refund": "once", "rename": "idempotent", "searchNames": "once"}
    assert found.tree["operations"]["pay"]["idempotency"] == "key"
    assert found.tree["idempotency"] == {"key": {"header": "Idempotency-Key", "max_length": 40}}
    assert "OPEN: does it only look something up?" in found.above("searchNames")
    assert "is a second DELETE harmless?" in found.above("refund")
    assert "OPEN" not in found.above("rename")
    assert "OPEN: is the header Shop-Request-Id of POST /payments an idempotency key?" in found.above("idempotency")


def test_what_is_only_hinted_at_is_asked() -> None:
    found = drafted()
    assert "OPEN: does the challenge in WWW-Authenticate carry a code?" in found.above("unauthorized")
    assert "OPEN: the words of pay about it name already_paid, key_reused: codes" in found.above("conflict")
    assert "after the time in Retry-After?" in found.above("too_many_requests")
    assert "already_paid" not in found.errors


def test_a_table_adds_to_what_the_document_says() -> None:
    found = drafted("table.md")
    assert found.errors["card_expired"]["source"] == ["openapi.yaml", "table.md"]
    assert "OPEN: table.md says: The card has expired; another one is needed." in found.above("card_expired")
    assert found.errors["bad_day"] == {
        "kind_of": "bad_request",
        "match": {"status": 400, "code": "BAD_DAY", "format": "status-400"},
        "title": "There is no such day",
        "source": "table.md",
    }
    assert found.errors["no_bank"]["match"]["status"] == [422, 404]
    assert "the document says 422, and table.md says 404: which?" in found.above("no_bank")
    assert found.errors["no_bank"]["description"] == "There is no bank."
    assert found.errors["service_unavailable"]["match"] == {"status": 503, "format": "no-body"}
    assert found.errors["e_17"]["outcome"] == "by_effect"
    assert "with which status does it come" in found.above("e_17")
    assert "It went well" not in found.text


def test_a_table_alone_in_two_languages() -> None:
    rows = ["| 404 | gone_book | {} |", "| 500 | | {} |"]
    for name, words in (("en.md", ("The book is away; ask again.", "Broken.")), ("ru.md", ("Книги нет.", "Сбой."))):
        body = "\n".join(row.format(text) for row, text in zip(rows, words, strict=True))
        Path(name).write_text(f"| HTTP | Code | Text |\n|-|-|-|\n{body}\n", encoding="utf-8")
    found = drafted("en.md", "ru.md", document=None, locales="en,ru")
    entry = found.errors["gone_book"]
    assert entry["title"] == {"en": "Gone book", "ru": "Книги нет"}
    assert entry["description"] == {"en": "The book is away; ask again."}
    assert found.errors["internal_server_error"]["title"] == {"en": "Internal Server Error", "ru": "Сбой"}
    assert found.tree["formats"]["assumed"]["code"] == {"body": "/code"}
    assert "OPEN: where do code and message stand" in found.above("assumed")
    assert drafted("ru.md", document=None).tree["info"]["locales"] == ["ru"]


def test_ranges_of_codes_are_families() -> None:
    text = "All of them come with status 400.\n\nCode Message\n10xx Errors of books\n1001 Torn\n1002 Lost\n"
    Path("codes.txt").write_text(text, encoding="utf-8")
    found = drafted("codes.txt", document=None)
    assert found.tree["families"] == {"BooksError": {"range": [1000, 1099], "title": "Errors of books"}}
    assert found.errors["torn"]["match"] == {"status": 400, "code": 1001}
    assert "for torn, lost: is it 400?" in found.above("torn")


def test_the_same_files_make_the_same_draft_and_lines_are_no_wider_than_100() -> None:
    first = drafted("table.md")
    assert drafted("table.md").text == first.text
    assert max(map(len, first.text.splitlines())) <= 100
    questions = sum(line.strip().startswith("# OPEN: ") for line in first.text.splitlines())
    assert f"there are {questions}." in " ".join(first.text.split())


def test_a_file_that_exists_is_left_alone(capsys: pytest.CaptureFixture[str]) -> None:
    output = Path("errors.yaml")
    output.write_text("mine\n", encoding="utf-8")
    assert scaffold(Options(Path("openapi.yaml"), output=output)) == ExitCode.USAGE
    assert output.read_text(encoding="utf-8") == "mine\n"
    assert "SP603" in capsys.readouterr().err
    assert scaffold(Options(Path("openapi.yaml"), output=output, force=True)) == ExitCode.FINE
    assert "15 errors" in capsys.readouterr().err


def test_a_draft_is_printed_where_no_file_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert scaffold(Options(Path("openapi.yaml"), api="shop")) == ExitCode.FINE
    said = capsys.readouterr()
    assert yaml.safe_load(said.out)["info"]["api"] == "shop"
    assert said.err.startswith("the draft: 15 errors, ")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (Options(), "there is nothing to read"),
        (Options(Path("openapi.yaml"), api="My Shop"), '--api: "My Shop"'),
        (Options(Path("openapi.yaml"), locales="en,Deutsch"), '--locales: "Deutsch"'),
        (Options(Path("openapi.yaml"), locales=","), "--locales"),
        (Options(Path("openapi.yaml"), force=True), "--force is about the file of --output"),
        (Options(Path("openapi.yaml"), output=Path("no/such/errors.yaml")), "can't be written"),
        (Options(Path("openapi.yaml"), output=Path(".")), "can't be written"),
        (Options(tables=(Path("missing.html"),)), "does not exist"),
    ],
)
def test_a_command_that_can_not_be_followed(options: Options, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert scaffold(options) == ExitCode.USAGE
    found = capsys.readouterr()
    assert said in found.err and found.err.endswith("; nothing was written\n") and found.out == ""


def test_a_page_in_another_encoding_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    Path("page.html").write_bytes("<table><tr><td>404<td>Нет".encode("cp1251"))
    assert scaffold(Options(tables=(Path("page.html"),))) == ExitCode.FINDINGS
    assert "is not UTF-8" in capsys.readouterr().err


def test_a_document_with_errors_is_shown_and_not_drafted_from(capsys: pytest.CaptureFixture[str]) -> None:
    broken = textwrap.dedent(DOCUMENT).replace("operationId: refund", "operationId: pay")
    Path("openapi.yaml").write_text(broken, encoding="utf-8")
    assert scaffold(Options(Path("openapi.yaml"))) == ExitCode.FINDINGS
    assert "nothing was written" in capsys.readouterr().err


def test_an_output_that_is_read_is_refused_by_whatever_name(capsys: pytest.CaptureFixture[str]) -> None:
    Path("link.yaml").symlink_to("openapi.yaml")
    for output, tables in (("openapi.yaml", ()), ("link.yaml", ()), ("table.md", (Path("table.md"),))):
        assert scaffold(Options(Path("openapi.yaml"), tables, Path(output), force=True)) == ExitCode.USAGE
        assert "is a file that is read" in capsys.readouterr().err
    assert Path("openapi.yaml").read_text(encoding="utf-8") == DOCUMENT
    assert Path("table.md").read_text(encoding="utf-8") == TABLE


def test_a_draft_that_can_not_be_put_in_place_leaves_the_former_file_whole(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(source: object, target: object) -> None:
        raise OSError(28, "No space left on device")

    Path("errors.yaml").write_text("mine\n", encoding="utf-8")
    before = sorted(one.name for one in Path().iterdir())
    monkeypatch.setattr("os.replace", full)
    assert scaffold(Options(Path("openapi.yaml"), output=Path("errors.yaml"), force=True)) == ExitCode.USAGE
    assert "no space left on device" in capsys.readouterr().err
    assert Path("errors.yaml").read_text(encoding="utf-8") == "mine\n"
    assert sorted(one.name for one in Path().iterdir()) == before


def test_a_file_that_exists_and_can_not_be_read_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    Path("errors.yaml").write_text("mine\n", encoding="utf-8")
    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", refuse)
        patched.setattr(Path, "read_bytes", refuse)
        assert scaffold(Options(Path("openapi.yaml"), output=Path("errors.yaml"))) == ExitCode.USAGE
    assert "SP603" in capsys.readouterr().err
