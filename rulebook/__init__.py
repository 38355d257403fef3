"""The words rules are written in: refusals, machines, articles, actors, time, money, working days.

A noun belongs here when the rules of two packages use it; never a verb, never a thing of the trade. Nothing here
knows the web or the database.
"""
