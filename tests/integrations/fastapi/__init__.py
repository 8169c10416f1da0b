"""Tests of the FastAPI integration, with real apps: in the test process, and under uvicorn for the example."""
