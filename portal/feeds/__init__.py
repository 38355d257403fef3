"""For programs that read along: feeds of every search, the map of the site, and what robots are told."""
