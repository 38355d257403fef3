"""The terms bids are made under: criteria, key holders, slots, documents; and the act of publishing them."""
