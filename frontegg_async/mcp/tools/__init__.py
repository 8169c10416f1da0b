"""The functions of the tools. Each subject has a module."""
