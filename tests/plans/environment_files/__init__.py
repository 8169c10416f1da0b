"""Tests of files of environments."""
