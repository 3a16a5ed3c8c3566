"""HTTP: routes, pages, problems, health. It knows nothing of what the use case is."""
