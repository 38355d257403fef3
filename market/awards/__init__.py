"""The award desk: a ranking is proposed, the buyer determines in its order, a winner may decline."""
