"""Help that answers by role: what may I do now, what happens if, where is the rule. Its numbers are the rules' own."""
