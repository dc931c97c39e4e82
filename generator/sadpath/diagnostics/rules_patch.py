"""The rules for overlays, renames and templates that replace ours (SP8xx)."""

from __future__ import annotations

from typing import Final

from sadpath.diagnostics.model import Rule, Severity

OVERLAY_VALUE: Final = Rule(
    "SP801",
    "overlay-value",
    Severity.ERROR,
    "An overlay is not of the form that the OpenAPI Overlay Specification 1.0 gives it.",
    "An action that is guessed at would change the contract in a way that nobody wrote down.",
    "Write `overlay`, `info` and `actions`; each action has a `target` and either `update` or `remove: true`.",
)
OVERLAY_TARGET: Final = Rule(
    "SP802",
    "overlay-target",
    Severity.ERROR,
    "The target of an action is no JSONPath.",
    "It selects nothing, so that the action has no effect.",
    "Write it as RFC 9535 says: `$.paths['/orders'].get` or `$..[?@.name == 'cursor']`.",
)
OVERLAY_WITHOUT_EFFECT: Final = Rule(
    "SP803",
    "overlay-without-effect",
    Severity.WARNING,
    "The target of an action selects nothing in the document.",
    "The document may have changed since the overlay was written, and what it mended may be broken again.",
    "Correct the target, or take the action out.",
)
OVERLAY_MISMATCH: Final = Rule(
    "SP804",
    "overlay-mismatch",
    Severity.ERROR,
    "What an action would put in does not fit what stands there.",
    "An object can be merged with an object only; anything else would throw away what the document says.",
    "Give the update the form of what its target selects, or remove that first.",
)
RENAME_SUBJECT: Final = Rule(
    "SP805",
    "rename-subject",
    Severity.ERROR,
    "The configuration renames something that the document does not have.",
    "The name would be silently without effect, and what was meant would keep its former one.",
    "Use an operationId, or a JSON Pointer such as `#/components/schemas/Order`.",
)
TEMPLATE_OUTDATED: Final = Rule(
    "SP806",
    "template-outdated",
    Severity.WARNING,
    "A template that replaces ours was made from another version of it.",
    "What has changed in ours since then is missing from what is generated.",
    "Compare it with `sadpath templates show`, take over what has changed, and write the new digest into its first line.",
)
TEMPLATE_UNKNOWN: Final = Rule(
    "SP807",
    "template-unknown",
    Severity.WARNING,
    "A file in the folder of templates replaces none of ours.",
    "It is without effect; often its name is misspelt or ours was renamed.",
    "See the names that `sadpath templates list` prints.",
)
TEMPLATE_BROKEN: Final = Rule(
    "SP808",
    "template-broken",
    Severity.ERROR,
    "A template of yours can't be rendered.",
    "Nothing is written, because part of it would be missing.",
    "Correct the template; a template places ready values of its view and calls nothing.",
)
TARGET_FAILED: Final = Rule(
    "SP809",
    "target-failed",
    Severity.ERROR,
    "A target of an installed package failed.",
    "Nothing is written, because part of it would be missing.",
    "Report it to the authors of that package; set SADPATH_TRACEBACK=1 to see the traceback.",
)
