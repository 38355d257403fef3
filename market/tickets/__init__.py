"""Tickets of the hotline 12345: brought in as its exports, answered by the body they were sent to, taken back out."""
