"""How opened offers are judged: qualification, panel, compliance, blind scores, report.

In calendar order: the purchaser reviews qualifications; a panel is drawn; each member declares that he has no conflict,
reviews compliance, scores on his own sheet and locks it; the report is built, signed and handed in at the award desk.
Nobody sees another's opinion before all have given theirs.
"""
