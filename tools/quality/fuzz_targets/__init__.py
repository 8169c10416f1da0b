"""Fuzz targets: the parsers of untrusted input, each with the properties that it must keep."""
