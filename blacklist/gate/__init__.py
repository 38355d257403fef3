"""The one question every gate asks: may this body, may these people take part, and if not, why."""
