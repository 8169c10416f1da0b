"""The catalogue: every public method of the clients as data, for the command line and other interfaces.

``make generate`` writes the catalogue from signatures and docstrings. ``tools/generator/catalogue.toml`` adds facts
that these lack: sentences for operators, examples, and destructive methods that no operation marks. A look-up of a noun
loads only the methods of this noun, and no client.
"""
