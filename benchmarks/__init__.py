"""The goals for speed and memory, as ratios to the same work without the SDK, measured in one run."""
