"""The OpenAPI document: versions 3.0, 3.1 and 3.2 folded into one model, own checks, and the bridge to openapi-spec-validator."""
