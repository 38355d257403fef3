"""`./mingbiao up`: the scaled setup on one machine, each part a process of its own, watched over until stopped."""
