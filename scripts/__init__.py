"""Things for those who build the house; nothing of it runs on them."""
