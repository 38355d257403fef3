"""Open data after the Open Contracting Data Standard 1.1.5: every public fact of a procurement as a release."""
