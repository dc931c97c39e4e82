"""A tiny API in the style of generated code, made by hand for the tests of the runtime."""
