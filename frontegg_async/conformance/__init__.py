"""The conformance kit: checks whether the service behaves as this SDK expects."""
