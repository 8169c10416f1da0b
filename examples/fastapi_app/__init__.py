"""A FastAPI app: sign-up, owners who manage their sub-accounts, and a page for operators."""
