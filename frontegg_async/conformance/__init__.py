"""The conformance kit: looks whether the service does what this SDK relies on."""
