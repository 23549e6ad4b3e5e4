"""Read-only queries over the timeline: by date, tag and linked site. Knows models, but no HTTP responses."""
