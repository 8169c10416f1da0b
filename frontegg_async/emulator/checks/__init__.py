"""Checks of values that come from outside the emulator: arguments of admin verbs, and JSON."""
