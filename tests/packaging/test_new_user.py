"""What a new user does in an empty folder with the wheel: a vendor's document, a drafted catalog, a package that works."""

from __future__ import annotations

from pathlib import Path

import pytest

from .installation import Installation

pytestmark = pytest.mark.xdist_group("packaging")

# In the manner of vendors: codes in an enumeration, other ones in an example, a default, no catalog, dates and versions unquoted.
DOCUMENT = """\
openapi: 3.0.3
info: {title: Acme Pay, version: 2024-05-01}
servers: [{url: https://api.acme.test/v2}]
security: [{key: []}]
paths:
  /charges:
    post:
      tags: [Charges]
      summary: Charge a card
      operationId: createCharge
      parameters:
        - {name: Idempotency-Key, in: header, schema: {type: string}}
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [amount, token]
              properties: {amount: {type: integer}, token: {type: string}}
      responses:
        '201': {description: Charged, content: {application/json: {schema: {$ref: '#/components/schemas/Charge'}}}}
        '402': {$ref: '#/components/responses/Refused'}
        '500': {$ref: '#/components/responses/Refused'}
        default: {description: Anything else}
  /charges/{id}:
    get:
      tags: [Charges]
      operationId: getCharge
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        '200': {description: A charge, content: {application/json: {schema: {$ref: '#/components/schemas/Charge'}}}}
        '404': {$ref: '#/components/responses/Refused'}
components:
  securitySchemes: {key: {type: http, scheme: bearer}}
  responses:
    Refused:
      description: Refused
      content:
        application/json:
          schema: {$ref: '#/components/schemas/Error'}
          example: {code: velocity_exceeded, message: Too many charges}
  schemas:
    Charge:
      type: object
      required: [id, amount]
      properties: {id: {type: string}, amount: {type: integer}}
    Error:
      type: object
      required: [code]
      properties:
        code: {type: string, enum: [card_declined, no_such_charge, card_expired]}
        message: {type: string}
"""
PROGRAM = """\
import acme
from acme import errors, models

codes = sorted({code for cls in vars(errors).values() if isinstance(cls, type) and hasattr(cls, "contract")
               and cls.contract is not None for code in map(str, cls.contract.match.codes)})
print(codes)
print(models.Charge(id="c-1", amount=5).amount)
print(issubclass(errors.CardDeclined, errors.AcmePayError))
"""


def test_from_a_vendors_document_to_a_package_that_imports(from_wheel: Installation, tmp_path: Path) -> None:
    """The commands are those that `sadpath --help` and the README show."""
    (tmp_path / "openapi.yaml").write_text(DOCUMENT, encoding="utf-8")
    said = from_wheel.run("sadpath", "--help", cwd=tmp_path).stdout
    assert "scaffold" in said and "generate" in said
    drafted = from_wheel.run("sadpath", "scaffold", "openapi.yaml", "--output", "errors.yaml", cwd=tmp_path)
    assert "open questions" in drafted.stderr and (tmp_path / "errors.yaml").is_file()
    options = ["--openapi", "openapi.yaml", "--errors", "errors.yaml"]
    linted = from_wheel.run("sadpath", "lint", *options, cwd=tmp_path)
    assert "error[" not in linted.stdout
    from_wheel.run("sadpath", "generate", *options, "--package", "acme", "--output", ".", cwd=tmp_path)
    assert from_wheel.run("python", "-c", PROGRAM, cwd=tmp_path).stdout.splitlines() == [
        "['card_declined', 'card_expired', 'no_such_charge', 'velocity_exceeded']",
        "5",
        "True",
    ]
    again = from_wheel.run("sadpath", "generate", *options, "--package", "acme", "--output", ".", cwd=tmp_path)
    assert "unchanged" in again.stderr and "created" not in again.stderr
