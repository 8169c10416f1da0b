"""JSON Schemas of the files from which plans are made."""
