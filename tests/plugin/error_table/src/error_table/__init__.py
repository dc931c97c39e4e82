"""A complete target of sadpath: for each API a CSV table of its errors, for a spreadsheet or a data warehouse."""

from __future__ import annotations

import csv
import io

from sadpath import TargetApi


def error_table(api: TargetApi) -> dict[str, str]:
    """The table, below `tables/` in the output directory.

    `api.service` is what will be generated: operations, models, failures. A failure's `entry` is the catalog's, with its
    contract (what machines read) and its texts; `api.names` has the Python names, `api.settings` the configuration.
    """
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["code", "class", "status", "outcome", "next", "title"])
    for failure in api.service.failures:
        contract = failure.entry.contract
        table.writerow(
            [
                " ".join(str(code) for code in contract.match.codes),
                f"{api.settings.package}.errors.{api.names.failures[contract.id]}",
                " ".join(contract.match.statuses),
                "it depends" if contract.outcome is None else contract.outcome.value,
                contract.advice.next,
                failure.entry.title.get(api.service.default_locale, api.service.default_locale),
            ]
        )
    return {f"tables/{api.settings.name}.csv": text.getvalue()}
