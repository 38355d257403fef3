"""Credit: a base, findings with points, their decay, and a page that explains every point."""
