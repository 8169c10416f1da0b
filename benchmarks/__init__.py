"""The goals for speed and memory. Most are ratios to the same work without the SDK, measured in the same run."""
