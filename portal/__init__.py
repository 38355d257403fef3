"""Pages that show many packages at once; owns no model and writes nothing."""
