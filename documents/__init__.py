"""What is printed: pages of paper (PDF) and the codes that lead from paper back to the screen."""
