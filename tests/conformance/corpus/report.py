"""Makes the report of a run: a row for each document, what they come to together, and the same as Markdown."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any, Final

from conformance.corpus.peers import PEERS
from conformance.corpus.store import Record, unanswered

REPORT: Final = Path(__file__).with_name("report.json")
"""The figures that the documentation shows."""
_ACCOUNTED: Final = ("operations", "schemas", "members", "errors")
_COUNTED: Final = (*_ACCOUNTED, "instances", "calls")


def row_of(record: Record) -> dict[str, Any]:
    """What is reported of one document: figures, and of what went wrong the first of its kind."""
    made, imports, types = record.known("generated"), record.known("imported"), record.known("types")
    probed = record.known("probed")
    accounting = probed.get("accounting", {})
    row: dict[str, Any] = {
        "name": record.document.name,
        "version": record.document.version,
        "bytes": record.document.size,
        **{
            name: made[name]
            for name in ("outcome", "seconds", "mebibytes", "files", "lines", "severities", "first_error")
        },
        "traceback": made["outcome"] == "crashed",
    }
    peers = {peer.name: record.known(peer.name) for peer in PEERS}
    row["peers"] = {
        name: [found["code"] == 0, found["seconds"], found.get("imports", False)]
        for name, found in peers.items()
        if found
    }
    row["failed"] = {
        f"{part} {step}".strip(): said
        for part in ("imported", "probed", "types")
        for step, said in (unanswered(record.known(part)).items() if made["outcome"] == "generated" else ())
    }
    if made["outcome"] != "generated":
        return row
    row |= {"imports": imports.get("ok", False), "import_seconds": imports.get("client_seconds")}
    row["type_errors"] = types.get("errors") if types else None
    for name in _ACCOUNTED:
        counted = accounting.get(name)
        row[name] = [counted["found"] + counted["named"], counted["all"]] if counted else None
    row["named"] = sum(accounting[name]["named"] for name in _ACCOUNTED if name in accounting)
    for name in ("instances", "calls"):
        score = probed.get(name, {})
        row[name] = [score["right"], score["tried"]] if "tried" in score else None
        row[f"untried_{name}"] = _reasons(score.get("untried", {}))
    return row


def _reasons(untried: Mapping[str, int]) -> dict[str, int]:
    """Why something was not tried, without what the document says."""
    found: Counter[str] = Counter()
    for reason, count in untried.items():
        found[reason.partition(":")[0]] += count
    return dict(sorted(found.items()))


def report_of(records: Iterable[Record], others: Sequence[str] = ()) -> dict[str, Any]:
    """Everything that is reported; `others` are files that are no OpenAPI documents."""
    rows = [row_of(record) for record in records]
    return {"summary": summary_of(rows), "others": len(others), "documents": rows}


def summary_of(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What the rows come to."""
    generated = [row for row in rows if row["outcome"] == "generated"]
    untried: Counter[str] = Counter()
    for row in generated:
        for name in ("instances", "calls"):
            for reason, count in (row[f"untried_{name}"] or {}).items():
                untried[f"{name}: {reason}"] += count
    checked = [row for row in generated if row["type_errors"] is not None]
    return {
        "documents": len(rows),
        "outcomes": dict(sorted(Counter(row["outcome"] for row in rows).items())),
        "imported": sum(row["imports"] for row in generated),
        "type_checked": len(checked),
        "type_clean": sum(row["type_errors"] == 0 for row in checked),
        **{name: _sums(generated, name) for name in _COUNTED},
        "named": sum(row["named"] for row in generated),
        "untried": dict(sorted(untried.items())),
        "failed": sum(bool(row["failed"]) for row in rows),
        "peers": {
            peer.name: _peer_sums(peer.name, rows) for peer in PEERS if any(peer.name in row["peers"] for row in rows)
        },
        "lines": sum(row["lines"] for row in generated),
        "seconds": _spread([row["seconds"] for row in generated]),
        "mebibytes": _spread([row["mebibytes"] for row in generated]),
        "import_seconds": _spread([row["import_seconds"] for row in generated if row["import_seconds"] is not None]),
    }


def _sums(rows: Iterable[Mapping[str, Any]], name: str) -> list[int]:
    pairs = [row[name] for row in rows if row[name] is not None]
    return [sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)]


def _spread(values: Sequence[float]) -> list[float]:
    """The median, what nineteen of twenty stay below, and the most; nothing of nothing."""
    ordered = sorted(values)
    return [median(ordered), ordered[int(len(ordered) * 0.95)], ordered[-1]] if ordered else []


def _peer_sums(name: str, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """How often a peer generates something, how often that can be imported, and its time where both generate, over ours."""
    tried = [row for row in rows if name in row["peers"]]
    both = [row for row in tried if row["outcome"] == "generated" and row["peers"][name][0]]
    return {
        "tried": len(tried),
        "generated": sum(row["peers"][name][0] for row in tried),
        "imported": sum(row["peers"][name][2] for row in tried),
        "ours": [sum(row["outcome"] == "generated" for row in tried), sum(row.get("imports", False) for row in tried)],
        "seconds": (
            [
                round(median([row["peers"][name][1] for row in both]), 2),
                round(median([row["seconds"] for row in both]), 2),
            ]
            if both
            else []
        ),
    }


def written(report: Mapping[str, Any], path: Path) -> None:
    """The report as JSON, one document a line, so that two runs can be compared."""
    rows = ",\n".join(f"  {json.dumps(row, ensure_ascii=False)}" for row in report["documents"])
    head = {name: value for name, value in report.items() if name != "documents"}
    text = json.dumps(head, indent=1, ensure_ascii=False).removesuffix("\n}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'{text},\n "documents": [\n{rows}\n ]\n}}\n', encoding="utf-8")


def share(part: int, whole: int) -> str:
    """A part of a whole, and in per cent, rounded down: what is not all is never 100 %."""
    return f"{part:,} of {whole:,}" + (f" ({int(part * 1000 / whole) / 10:g} %)" if whole else "")


def summary_rows(summary: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The summary as a table of two columns."""
    outcomes, total = summary["outcomes"], summary["documents"]
    generated = outcomes.get("generated", 0)
    rows = [("generated", share(generated, total))]
    rows += [(name, f"{count:,}") for name, count in outcomes.items() if name != "generated"]
    rows += [
        ("packages whose modules all compile and import", share(summary["imported"], generated)),
        ("packages in which Pyright (standard) finds nothing", share(summary["type_clean"], summary["type_checked"])),
        ("operations in the output or in a diagnostic", share(*summary["operations"])),
        ("schemas in the output or in a diagnostic", share(*summary["schemas"])),
        ("members of schemas in the output or in a diagnostic", share(*summary["members"])),
        ("error responses in the output or in a diagnostic", share(*summary["errors"])),
        ("of these, named by a diagnostic alone", f"{summary['named']:,}"),
        ("random instances that come back as they were", share(*summary["instances"])),
        ("calls that both sides see the same", share(*summary["calls"])),
        ("documents of which something was not found out", f"{summary['failed']:,}"),
        ("lines of output", f"{summary['lines']:,}"),
    ]
    names = {"seconds": "seconds", "mebibytes": "MiB of memory", "import_seconds": "seconds of importing a client"}
    for name, title in names.items():
        if summary[name]:
            rows.append((f"{title}: median, 95th of 100, most", " / ".join(f"{value:,g}" for value in summary[name])))
    return rows


def peer_rows(summary: Mapping[str, Any]) -> list[list[str]]:
    """Other generators and this one on the same documents: how many are generated, how many of these can be imported, and how fast."""
    return [
        [
            name,
            share(found["generated"], found["tried"]),
            share(found["imported"], found["tried"]),
            share(found["ours"][0], found["tried"]),
            share(found["ours"][1], found["tried"]),
            " / ".join(f"{value:g}" for value in found["seconds"]),
        ]
        for name, found in summary["peers"].items()
    ]


PEER_HEADINGS: Final = (
    "generator",
    "generates",
    "and all of it can be imported",
    "sadpath generates",
    "and all of it can be imported",
    "median seconds where both do: theirs / ours",
)
HEADINGS: Final = (
    "document | version | KB | outcome | s | MiB | files | lines | import s | type errors | operations | schemas | members "
    "| error responses | instances | calls | not found out | findings"
).split(" | ")


def cells(row: Mapping[str, Any]) -> list[str]:
    """A document as the cells of a row of the table."""
    severities = row["severities"]
    told = ", ".join(f"{count} {name}" for name, count in severities.items()) or "none"
    head = [f"`{row['name']}`", row["version"], f"{max(row['bytes'] // 1000, 1):,}", row["outcome"]]
    figures = [f"{row['seconds']:.2f}", f"{row['mebibytes']:,}", f"{row['files']:,}", f"{row['lines']:,}"]
    if row["outcome"] != "generated":
        return [*head, *figures, *[""] * 9, told]
    types = "" if row["type_errors"] is None else str(row["type_errors"])
    imports = f"{row['import_seconds']:.3f}" if row["imports"] else "fails"
    pairs = ["" if row[name] is None else f"{row[name][0]} / {row[name][1]}" for name in _COUNTED]
    return [*head, *figures, imports, types, *pairs, ", ".join(row["failed"]), told]


def refusals(report: Mapping[str, Any]) -> list[str]:
    """What was not generated, and why."""
    refused = [row for row in report["documents"] if row["outcome"] != "generated"]
    return [f"- `{row['name']}`, {row['outcome']}: {plain(row['first_error'] or 'no diagnostic')}" for row in refused]


def failures(report: Mapping[str, Any]) -> list[str]:
    """What was not found out, as a step failed, and the last thing that it said."""
    return [
        f"- `{row['name']}`, {step}: {plain((said.splitlines() or [''])[-1])}"
        for row in report["documents"]
        for step, said in row["failed"].items()
    ]


def plain(text: str) -> str:
    """A text of others as Markdown that is nothing but text."""
    return re.sub(r"([\\`*_{}\[\]<>#|~!])", r"\\\1", re.sub(r"\s+", " ", text))


def tables(report: Mapping[str, Any]) -> dict[str, list[str]]:
    """The parts of the report as lines of Markdown."""
    summary = report["summary"]
    return {
        "summary": table(("what", "of how many"), summary_rows(summary)),
        "peers": table(PEER_HEADINGS, peer_rows(summary)) if summary["peers"] else [],
        "refused": refusals(report),
        "failed": failures(report),
        "documents": table(HEADINGS, [cells(row) for row in report["documents"]]),
    }


def markdown(report: Mapping[str, Any]) -> str:
    """The report to be read."""
    return "\n\n".join("\n".join(lines) for lines in tables(report).values() if lines) + "\n"


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """The lines of a table in Markdown."""
    return [f"| {' | '.join(row)} |" for row in (headings, ["---"] * len(headings), *rows)]
