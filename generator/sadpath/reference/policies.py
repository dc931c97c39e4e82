"""Says how attempts are spaced, in words."""

from __future__ import annotations

from sadpath.runtime.contract import Policy

_ENGLISH = {
    "fixed": "always the same interval",
    "linear": "intervals that grow by the same amount",
    "exponential": "intervals that multiply",
    "fibonacci": "intervals that grow like the Fibonacci numbers",
    "schedule": "a fixed schedule",
    "server": "the interval that the server gives",
    "starting": "starting at {}",
    "cap": "at most {} apart",
    "attempts": "at most {} attempts",
    "elapsed": "for at most {}",
    "support": "then ask support",
}
_RUSSIAN = {
    "fixed": "повторяйте через равные промежутки",
    "linear": "повторяйте через промежутки, растущие на одну и ту же величину",
    "exponential": "повторяйте через промежутки, растущие в несколько раз",
    "fibonacci": "повторяйте через промежутки, растущие как числа Фибоначчи",
    "schedule": "повторяйте по расписанию",
    "server": "повторяйте через столько, сколько укажет сервер",
    "starting": "первый — {}",
    "cap": "с промежутком не больше {}",
    "attempts": "не больше {} раз",
    "elapsed": "не дольше {}",
    "support": "после этого обратитесь в поддержку",
}
_UNITS = {"en": ("ms", "s", "min", "h"), "ru": ("мс", "с", "мин", "ч")}


def duration(seconds: float, locale: str) -> str:
    """A duration in the largest unit that keeps it whole."""
    names = _UNITS["ru" if locale.startswith("ru") else "en"]
    for size, name in ((3600, names[3]), (60, names[2]), (1, names[1])):
        if seconds >= size and seconds % size == 0:
            return f"{seconds // size:.0f} {name}"
    return f"{seconds * 1000:.0f} {names[0]}" if seconds < 1 else f"{seconds:g} {names[1]}"


def policy_phrase(policy: Policy, locale: str) -> str:
    """One sentence about a policy."""
    words = _RUSSIAN if locale.startswith("ru") else _ENGLISH
    parts = [words[policy.backoff]]
    if policy.backoff != "schedule":
        parts.append(words["starting"].format(duration(policy.unit, locale)))
    else:
        parts.append(", ".join(duration(wait, locale) for wait in policy.schedule))
    if policy.cap is not None:
        parts.append(words["cap"].format(duration(policy.cap, locale)))
    if policy.max_attempts is not None:
        parts.append(words["attempts"].format(policy.max_attempts))
    if policy.max_elapsed is not None:
        parts.append(words["elapsed"].format(duration(policy.max_elapsed, locale)))
    if policy.on_exhausted == "contact_support":
        parts.append(words["support"])
    sentence = ", ".join(parts)
    return f"{sentence[:1].upper()}{sentence[1:]}."
