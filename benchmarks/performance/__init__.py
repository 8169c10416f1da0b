"""The goals for speed and memory, each a ratio to an alternative that users have, measured in the same run."""
