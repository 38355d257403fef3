"""The public ceremony of chance."""
