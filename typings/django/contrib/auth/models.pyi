class _Related:
    def add(self, *objects: object) -> None: ...

class Permission:
    objects: _Permissions

class _Permissions:
    def get(self, **lookups: str) -> Permission: ...

class Group:
    objects: _Groups
    permissions: _Related

class _Groups:
    def create(self, *, name: str) -> Group: ...

class User:
    objects: _Users
    username: str
    groups: _Related

class _Users:
    def create_user(self, username: str, *, is_staff: bool = ...) -> User: ...
