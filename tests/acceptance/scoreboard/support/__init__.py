"""Helpers of several rows: emulator processes, recording servers, virtual time."""
