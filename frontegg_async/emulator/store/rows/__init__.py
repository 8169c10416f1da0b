"""The rows that the emulator stores."""
