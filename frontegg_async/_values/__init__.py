"""The base modules of models and settings: values, secrets and JSON."""
