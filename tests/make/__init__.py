"""One maker per noun, a module per package: rows that are so, without the acts that made them."""
