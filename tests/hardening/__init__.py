"""The house under attack, by tools and by hand: what is short runs with the other tests, `make harden` runs it all."""
