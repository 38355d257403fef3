"""What stays on paper after an opening: the printed record, and scans of stamped copies."""
