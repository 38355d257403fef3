"""What the supervision watches: alerts that have an owner and an end, clues of collusion, red flags.

It reads the trade and changes nothing of it: a contract of imports says so. Slices in their order:
`monitors → clues → flags → wall`.
"""
