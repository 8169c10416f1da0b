"""The catalogue: descriptions of all public methods of the clients, for the command line and other interfaces.

``make generate`` writes the catalogue from signatures and docstrings. ``tools/generator/catalogue.toml`` adds other
facts: sentences for users of the command line, examples, and which methods are destructive. A noun is the first word or
words of a command, such as ``tenants``, and stands for a resource of a client. A look-up of a noun imports only the
module with the methods of this noun. It does not import a client.
"""
