"""The OpenAPI document: 3.0, 3.1 and 3.2 folded into one model, own checks, the bridge to openapi-spec-validator."""
