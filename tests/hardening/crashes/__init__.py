"""A house under real acts of many clients that is killed at any moment and at named ones, and what came of it."""
