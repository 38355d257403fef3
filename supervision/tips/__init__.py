"""Protected whistle-blowing: sealed to two bodies, anonymous, answered by a code; the house can read nothing of it."""
