"""What several rows use: emulator processes, recording servers, virtual time."""
