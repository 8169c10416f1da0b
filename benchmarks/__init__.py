"""Measurements against peers, as ratios within one run. They are no tests: nothing here fails a build."""
