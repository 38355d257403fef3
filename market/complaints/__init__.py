"""Objections and complaints by regime: their clocks, who decides, and the suspension the law demands."""
