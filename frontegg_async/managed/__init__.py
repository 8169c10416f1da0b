"""Managed objects: roles, applications, users and other objects that files describe by natural keys such as names."""
