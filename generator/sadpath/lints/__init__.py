"""Lints: what a contract may say by the rules, and should not; run on demand, between reading a contract and rendering it."""
