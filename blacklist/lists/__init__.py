"""Lists that other houses keep: taken in, asked with evidence, given out."""
