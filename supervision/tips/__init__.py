"""Protected tips: sealed in the browser to two recipients of different bodies."""
