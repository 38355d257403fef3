"""The front room of each region: what is open and decided there, who supervises it, and the way to its neighbours."""
