"""The state of a whole emulator: environments with clocks and tokens, the journal, snapshots and persistence."""
