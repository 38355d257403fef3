"""What both sides of a finished purchase say of each other, seen by nobody until both have said it."""
