"""Signatures and docstrings of operations on the objects that stand for them: what `help`, `inspect` and editors show."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

_SHAPES: Final[Mapping[str, str]] = {
    "__call__": "{0}",
    "result": "Ok[{0}] | {1}",
    "raw": "RawResponse[{0}]",
    "resume": "Resolved[{0}]",
    "pages": "Iterator[{0}]",
    "items": "Iterator[{2}]",
    "stream": "Stream[{2}]",
    "opened": "Stream[{0}]",
}
"""What the methods of a bound operation return, of the arguments of the `Call` that its function returns."""


_LEADING: Final[Mapping[str, inspect.Parameter]] = {
    "resume": inspect.Parameter("token", inspect.Parameter.POSITIONAL_ONLY, annotation="ResumeToken | str"),
}
"""What some methods take before the operation's own parameters."""


@functools.lru_cache(maxsize=1024)
def _signature(function: Callable[..., Any], method: str, prefix: str = "") -> inspect.Signature:
    """What a method of a bound operation takes and returns, annotations being text."""
    signature = inspect.signature(function)
    parameters = [*filter(None, [_LEADING.get(method)]), *list(signature.parameters.values())[1:]]
    stated: Any = signature.return_annotation
    arguments = _arguments_of(stated if isinstance(stated, str) else inspect.formatannotation(stated))
    shape = _SHAPES[method]
    returned = prefix + shape.format(*arguments) if len(arguments) > shape.count("{") - 1 and arguments else stated
    return signature.replace(parameters=parameters, return_annotation=returned)


def _arguments_of(annotation: str) -> list[str]:
    """`A` and `B[C, D]` of `Call[A, B[C, D]]`."""
    parts = [""]
    depth = 0
    for character in annotation.partition("[")[2].rpartition("]")[0]:
        depth += (character in "[(") - (character in "])")
        if character == "," and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts if part.strip()]


class Described:
    """Shows the signature and the docstring of the function behind a descriptor or a bound operation."""

    shape = "__call__"
    prefixes: Mapping[str, str] = {}
    """What stands before the types that methods return, where it is not what a sync client returns."""

    def __init__(self, function: Callable[..., Any], *, bound: bool) -> None:
        functools.update_wrapper(cast("Any", self), function, updated=())
        self._bound = bound

    @property
    def __signature__(self) -> inspect.Signature:
        function = cast("Any", self).__wrapped__
        return (
            _signature(function, self.shape, self.prefixes.get(self.shape, ""))
            if self._bound
            else inspect.signature(function)
        )

    def __repr__(self) -> str:
        return f"<operation {cast('Any', self).__qualname__}>"


_M = TypeVar("_M", bound=Callable[..., Any])

if TYPE_CHECKING:
    Bound = Described

    def forwarded(method: _M) -> _M:
        return method

else:

    class forwarded:  # noqa: N801 a decorator
        """A method of a bound operation; `help` and `inspect` show the operation's own parameters."""

        def __init__(self, method: Callable[..., Any]) -> None:
            functools.update_wrapper(self, method)
            self._method = method

        def __get__(self, instance: Any, owner: object = None) -> Any:
            if instance is None:
                return self._method
            method = functools.partial(self._method, instance)
            if inspect.iscoroutinefunction(self._method):

                async def bound(*args: Any, **kwargs: Any) -> Any:
                    return await method(*args, **kwargs)

            else:

                def bound(*args: Any, **kwargs: Any) -> Any:
                    return method(*args, **kwargs)

            for name in ("__module__", "__name__", "__doc__"):
                setattr(bound, name, getattr(self._method, name))
            bound.__qualname__ = f"{instance.__qualname__}.{bound.__name__}"
            bound.__signature__ = instance._signature_of(bound.__name__)
            return bound

    class Bound(Described):
        # `help` shows the operation instead of this class when it takes the object for a routine.
        def __get__(self, instance: object, owner: object = None) -> Any:
            return self

        def _signature_of(self, method: str) -> inspect.Signature:
            return _signature(self.__wrapped__, method, self.prefixes.get(method, ""))
