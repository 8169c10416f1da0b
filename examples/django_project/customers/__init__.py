"""Pages about customers: a list, a page for each customer, and a form for new customers. And an API for customers."""
