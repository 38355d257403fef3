"""A whole procurement played from outside: every party with its own process and key file, through public doors.

Knows the site by its addresses alone. Imports nothing of the house but `proofs`, the package anybody installs.
"""
