"""Whether a process may start: facts are gathered, a pure rule judges them, every kind of process asks."""
