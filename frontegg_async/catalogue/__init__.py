"""The catalogue: every public method of the clients as data, for the command line and other doors.

``make generate`` writes it from signatures and docstrings. ``tools/generator/catalogue.toml`` has what these do not
say: sentences for operators, examples, and what is destructive although no operation says so. Looking up a noun loads
the methods of this noun, and no client.
"""
