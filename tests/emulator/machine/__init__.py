"""What the state machines are made of: an independent model, ways to the emulator, and what is tried."""
