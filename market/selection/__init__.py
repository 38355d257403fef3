"""Choosing a provider without offers: enrolment, drawing lots, a short list by credit."""
