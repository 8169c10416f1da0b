"""The rules of the service: what each operation does, apart from HTTP."""
