"""Who may not take part: recorded bans of the competent authorities."""
