"""The purchase itself: item, budget, timetable, stage; who drafts, who approves, when it is published."""
