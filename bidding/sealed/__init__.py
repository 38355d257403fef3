"""Sealed quotes of the supermarket: no hall, no bidder half; they open by themselves, a rule or a panel chooses."""
