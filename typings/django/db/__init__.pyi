class ConnectionHandler:
    def close_all(self) -> None: ...

connections: ConnectionHandler
