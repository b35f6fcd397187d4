"""Gathering answers: the form, surveys that come back, who has answered, and what leaders predicted."""
