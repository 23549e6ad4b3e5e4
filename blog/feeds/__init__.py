"""Feeds of posts: `selections` define what is in each, `writers` the formats that each is available in."""
