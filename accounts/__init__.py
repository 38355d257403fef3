"""Who is acting: organisations, people and their roles, identity keys, sign-in, the inbox, the frame of the pages.

Not here: what anybody may do (the rules of each package), who may not take part (`blacklist`).
"""
