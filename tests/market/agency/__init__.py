"""Letters by which a purchaser entrusts an agent."""
