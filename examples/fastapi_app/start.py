"""The start page with links to the other pages, and the health check."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from fastapi_app import page

router = APIRouter(include_in_schema=False)


@router.get("/")
async def start() -> HTMLResponse:
    """Show the links to the pages of the app."""
    return page.response(page.start())


@router.get("/health")
async def health() -> dict[str, str]:
    """Report that the app is running. This route is public."""
    return {"status": "ok"}
