"""The public record of one project, line by line, as it stands in the log."""
