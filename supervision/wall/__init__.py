"""The wall: what runs now, what is late, what is odd; the timeline of a purchase."""
