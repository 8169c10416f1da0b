"""Representations for notebooks and terminals: tables, drawings of trees, and markup."""
