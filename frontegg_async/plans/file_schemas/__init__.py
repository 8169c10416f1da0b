"""JSON Schemas of the files that plans are made from."""
