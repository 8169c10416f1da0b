"""The parts of the state machines: an independent model, transports to the emulator, and the operations."""
