"""The front page: figures, newest notices, what is going on now."""
