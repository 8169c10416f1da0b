"""The goals for speed and memory. Most goals compare the SDK with the same work without the SDK in the same run."""
