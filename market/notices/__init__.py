"""What is announced about a project: each notice a content-addressed text, numbered within its project."""
