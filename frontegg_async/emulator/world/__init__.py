"""The world of an emulator: its environments with their clocks and tokens, the journal, snapshots and persistence."""
