"""Who serves: the register of intermediary service organisations (`registry`), entered by promise, with what they hold.

Knows no purchase: what is open between a provider and a buyer it is told by whoever asks it to act.
"""
