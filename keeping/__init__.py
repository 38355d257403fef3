"""What is kept of the trade and how long: backups, restore, archive packages, terms and deletion by rule."""
