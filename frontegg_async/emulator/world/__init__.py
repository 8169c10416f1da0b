"""The environments of an emulator and what they share: clocks, tokens, the journal, snapshots and persistence."""
