"""The rules and the rows of features, plans, feature flags and plan assignments."""
