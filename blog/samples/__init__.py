"""Sample posts for a new weblog, and a generator of archives of any size."""
