"""The functions of the tools, with a module for each subject."""
