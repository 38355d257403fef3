"""The release desk: one page for everything a key holder has to do."""
