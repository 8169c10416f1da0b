"""Mutation testing of the policies: small changes of the code, each of which a test must detect."""
