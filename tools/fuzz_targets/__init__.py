"""What is fuzzed beside the emulator: the parsers of what comes from outside, each with the properties that hold."""
