"""Lists of other authorities, brought in by two people as they stood on a day; and who was looked up in them, when."""
