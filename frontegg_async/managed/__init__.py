"""Objects that files manage: roles, applications, people and others, by natural keys that people choose."""
