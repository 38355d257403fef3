"""How offers compete: tender, submission, opening, evaluation."""
