"""Whoever obtained the documents, enrolled or offered is told what became of the purchase, one by one."""
