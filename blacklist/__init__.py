"""Who may not take part, and how it comes to that: bans, the platform's own restrictions, credit.

What an authority decided (`sanctions`) and what the platform decides under its entry agreement (`cases`) are never one
thing: the platform bans nobody. Slices in their order: `sanctions → cases → credit → gate`; every gate of the
house asks `gate.queries`, and nothing here knows who asks.
"""
