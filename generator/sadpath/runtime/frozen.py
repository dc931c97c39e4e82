"""Frozen dataclasses whose methods are made when they are first needed: a package has hundreds, and few are used in a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:
    import dataclasses
    from operator import attrgetter
    from reprlib import recursive_repr

    def dataclass(*, frozen=False, slots=False, repr=True, eq=True, kw_only=False):
        """As that of the standard library, which takes a millisecond for each class."""
        if not (frozen and slots):
            return dataclasses.dataclass(frozen=frozen, slots=slots, repr=repr, eq=eq, kw_only=kw_only)

        def decorate(plain):
            own = frozenset(plain.__dict__)
            # A class below a frozen one has to be frozen, and a class above one too.
            below = any(hasattr(base, "__dataclass_params__") for base in plain.__bases__)
            make = dataclasses.dataclass(init=False, repr=False, eq=False, frozen=below, slots=True, kw_only=kw_only)
            made = make(plain)
            made.__dataclass_params__.frozen = True
            fields = dataclasses.fields(made)
            methods = {"__init__": _init(made, fields), **_frozen(made, fields)}
            if repr:
                methods["__repr__"] = _repr
            if eq:
                methods["__eq__"] = _eq(fields)
                if made.__dict__.get("__hash__") is None:
                    own -= {"__hash__"}
                    methods["__hash__"] = _hash(fields)
            for name, method in methods.items():
                if name not in own:
                    setattr(made, name, method)
            return made

        return decorate

    def _init(made, fields):
        """An `__init__` that puts the real one into its place when it is called for the first time."""

        def __init__(self, *args, **kwargs):  # noqa: N807
            real = _compiled(made, fields)
            if made.__dict__.get("__init__") is __init__:
                made.__init__ = real
            real(self, *args, **kwargs)

        return __init__

    def _compiled(made, fields):
        given = [one for one in fields if one.init]
        named = [one for one in given if one.kw_only]
        parameters = ["self", *(_parameter(one) for one in given if not one.kw_only)]
        if named:
            parameters += ["*", *(_parameter(one) for one in named)]
        names = {"_missing": dataclasses.MISSING}
        lines = []
        for one in fields:
            names[f"_set_{one.name}"] = getattr(made, one.name).__set__
            names[f"_default_{one.name}"] = one.default
            value = one.name if one.init else f"_default_{one.name}"
            if one.default_factory is not dataclasses.MISSING:
                names[f"_make_{one.name}"] = one.default_factory
                new = f"_make_{one.name}()"
                value = f"{new} if {one.name} is _missing else {one.name}" if one.init else new
            elif not one.init and one.default is dataclasses.MISSING:
                continue
            lines.append(f"    _set_{one.name}(self, {value})")
        if hasattr(made, "__post_init__"):
            lines.append("    self.__post_init__()")
        source = f"def __init__({', '.join(parameters)}):\n" + ("\n".join(lines) or "    pass")
        exec(source, names)  # noqa: S102 - of names of attributes alone, as the standard library does it
        real = names["__init__"]
        real.__qualname__ = f"{made.__qualname__}.__init__"
        real.__module__ = made.__module__
        real.__annotations__ = {one.name: one.type for one in given} | {"return": None}
        return real

    def _parameter(one):
        if one.default_factory is not dataclasses.MISSING:
            return f"{one.name}=_missing"
        return one.name if one.default is dataclasses.MISSING else f"{one.name}=_default_{one.name}"

    def _frozen(made, fields):
        names = frozenset(one.name for one in fields)

        def __setattr__(self, name, value):  # noqa: N807
            if type(self) is made or name in names:
                raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")
            super(made, self).__setattr__(name, value)

        def __delattr__(self, name):  # noqa: N807
            if type(self) is made or name in names:
                raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")
            super(made, self).__delattr__(name)

        return {
            "__setattr__": __setattr__,
            "__delattr__": __delattr__,
            "__getstate__": _getstate,
            "__setstate__": _setstate,
        }

    def _getstate(self):
        return [getattr(self, one.name) for one in dataclasses.fields(self)]

    def _setstate(self, state):
        for one, value in zip(dataclasses.fields(self), state, strict=True):
            object.__setattr__(self, one.name, value)

    @recursive_repr()
    def _repr(self):
        shown = (f"{one.name}={getattr(self, one.name)!r}" for one in dataclasses.fields(self) if one.repr)
        return f"{type(self).__qualname__}({', '.join(shown)})"

    def _values(names):
        """What gives the values of these attributes in a tuple, to compare and to hash them together."""
        if len(names) > 1:
            return attrgetter(*names)
        return lambda one: tuple(getattr(one, name) for name in names)

    def _eq(fields):
        values = _values([one.name for one in fields if one.compare])

        def __eq__(self, other):  # noqa: N807
            return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

        return __eq__

    def _hash(fields):
        values = _values([one.name for one in fields if (one.compare if one.hash is None else one.hash)])

        def __hash__(self):  # noqa: N807
            return hash(values(self))

        return __hash__
