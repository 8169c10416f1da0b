"""Support for event loops, threads, forked processes, clocks and warnings."""
