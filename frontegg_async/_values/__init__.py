"""The building blocks of models and settings: values, secrets and JSON."""
