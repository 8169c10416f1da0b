"""What connects the SDK with other libraries: a module for each, which needs the extra of its name."""
