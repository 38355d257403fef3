"""Who is acting: organisations, people, their keys and their inbox."""
