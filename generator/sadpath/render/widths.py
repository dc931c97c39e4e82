"""Whether a line fits: wide characters of East Asian scripts take two columns, as in a terminal."""

from __future__ import annotations

from typing import Final

from sadpath.render.leaves import UnknownCode

_NARROW: Final = ((0x20, 0x7E), (0xA1, 0x10FF), (0x2010, 0x2027), (0x2030, 0x205E), (0x20A0, 0x20BF), (0x2190, 0x22FF))
_WIDE: Final = (
    (0x3001, 0x3029),
    (0x3041, 0x3096),
    (0x30A1, 0x30FF),
    (0x4E00, 0x9FFF),
    (0xAC00, 0xD7A3),
    (0xFF01, 0xFF60),
    (0x1F442, 0x1F4FC),
    (0x1F600, 0x1F64F),
)
"""What every edition of Unicode agrees about; of other characters it depends on the edition that a formatter knows."""


def fits(text: str, length: int) -> bool:
    """Whether a text takes at most so many columns. Raises `UnknownCode` where a character decides it whose width is not certain."""
    if text.isascii() or len(text) > length:
        return len(text) <= length
    if 2 * len(text) <= length:
        return True
    known = unknown = 0
    for character in text:
        code = ord(character)
        if any(first <= code <= last for first, last in _NARROW):
            known += 1
        elif any(first <= code <= last for first, last in _WIDE):
            known += 2
        else:
            unknown += 1
    if known + unknown <= length < known + 2 * unknown:
        raise UnknownCode(text)
    return known + 2 * unknown <= length
