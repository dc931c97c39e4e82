"""Lowers security requirements: which credentials an operation takes, and what the client leaves to its HTTP client."""

from __future__ import annotations

from sadpath.diagnostics import Report, listed, quote
from sadpath.diagnostics.rules_lowering import EXTERNAL_CREDENTIAL, UNSUPPORTED_SECURITY
from sadpath.openapi import model as openapi
from sadpath.runtime.contract import Security


def lower_security(operation: openapi.Operation, document: openapi.Document) -> tuple[tuple[Security, ...], ...]:
    """The alternatives of an operation; those that name what is no scheme of the document are left out.

    Where there is no other, they stay, with credentials that are described nowhere: nobody may call it who is not known.
    """
    schemes = document.security_schemes
    known = [one for one in operation.security if all(name in schemes for name, _ in one)]
    if not any(known):
        # That nobody need say who calls is no other way to say it.
        known = []
    return tuple(
        tuple(
            _scheme(schemes[name], scopes) if name in schemes else Security(name, "undescribed", scopes=scopes)
            for name, scopes in requirement
        )
        for requirement in known or operation.security
    )


def check_security(document: openapi.Document, report: Report) -> None:
    """Say, once for each, what the generated client does not do by itself."""
    used = {name for operation in document.operations for item in operation.security for name, _ in item}
    for scheme in document.security_schemes.values():
        if scheme.kind == "mutualTLS" and scheme.name in used:
            message = f"the certificate of {quote(scheme.name)} is that of the HTTP client that is handed in"
            report.add(EXTERNAL_CREDENTIAL, message, scheme.place)
    told: set[tuple[str, ...]] = set()
    for operation in document.operations:
        alternatives = [tuple(name for name, _ in requirement) for requirement in operation.security]
        unknown = [[name for name in names if name not in document.security_schemes] for names in alternatives]
        has_known = any(names and not others for names, others in zip(alternatives, unknown, strict=True))
        for names, others in zip(alternatives, unknown, strict=True):
            # Where there is no known way, each name that is not defined was reported when the document was parsed.
            problem = _shared(names, document) if not others else _elsewhere(others) if has_known else None
            if problem is not None and names not in told:
                told.add(names)
                report.add(UNSUPPORTED_SECURITY, problem, operation.place)


def _elsewhere(unknown: list[str]) -> str | None:
    """That a way is left out, as a URL names what it needs."""
    found = next((name for name in unknown if name.startswith(("http://", "https://"))), None)
    return None if found is None else f"the security scheme {quote(found)} is described elsewhere, and is not read"


def _shared(names: tuple[str, ...], document: openapi.Document) -> str | None:
    """That schemes which are needed together exclude each other."""
    sharing = [name for name in names if _in_authorization(document.security_schemes[name])]
    if len({_in_authorization(document.security_schemes[name]) for name in sharing}) < 2:
        return None
    return f"{listed(sharing, conjunction='and')} share the header field Authorization"


def _in_authorization(scheme: openapi.SecurityScheme) -> str:
    """What a scheme puts first into `Authorization`, empty where it puts nothing there; one token serves all that take one."""
    if scheme.kind in ("http", "oauth2", "openIdConnect"):
        return (scheme.scheme or "bearer").lower()
    is_header = scheme.location == "header" and (scheme.parameter or "").lower() == "authorization"
    return scheme.name if is_header else ""


def _scheme(scheme: openapi.SecurityScheme, scopes: tuple[str, ...]) -> Security:
    """The names of schemes are not told apart by case (RFC 9110, section 11.1); one that is written otherwise than all low is kept."""
    if scheme.kind != "http":
        return Security(scheme.name, scheme.kind, scheme.location, scheme.parameter, scopes)
    name = scheme.scheme or ""
    if name.lower() == "basic":
        return Security(scheme.name, "basic", scopes=scopes)
    if name.lower() == "bearer":
        return Security(scheme.name, "bearer", scopes=scopes)
    return Security(scheme.name, "http", scopes=scopes, auth_scheme=name.capitalize() if name.islower() else name)
