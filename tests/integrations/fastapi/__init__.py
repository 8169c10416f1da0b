"""FastAPI, with real apps: in process, and in one served by uvicorn for the example."""
