"""The emulation of features, feature plans, feature flags and assignments of plans."""
