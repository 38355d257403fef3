"""Draws by lot that nobody can steer and anyone can re-run.

A draw knows a frozen pool of masked candidates, its contributors and their signed messages; it does not know what is
drawn (a panel, a provider, a coefficient) nor who the candidates are. The algorithm is `proofs.draw`; here are the
rows, the order of the messages and the public facts. Spec: docs/proofs.md, draw1.
"""
