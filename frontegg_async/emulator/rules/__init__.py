"""The rules of the service: what each operation does, without HTTP; a module per subject."""
