"""The rules of flags of users, of temporary users, and the row that says whether there are any."""
