"""What the process provides: event loops, threads, forks, clocks and warnings."""
