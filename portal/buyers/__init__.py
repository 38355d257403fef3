"""What the public may know of who buys: what, from whom, how, and what came of complaints."""
