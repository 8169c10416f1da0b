"""Services of the process: event loops, threads, forks, clocks and warnings."""
