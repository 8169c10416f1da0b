"""What connects the blocking SDK with frameworks: a module for each, which needs the extra of its name."""
