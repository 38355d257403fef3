"""Proofs of what an applicant or expert says of himself: sealed files with their days, seen with a purpose."""
