"""Clues of collusion, each with its evidence and its innocent explanations; never a verdict."""
