"""How long what is kept, why it is not deleted before, and deletion by rule and by two."""
