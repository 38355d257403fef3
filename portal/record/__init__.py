"""The public record of a procurement as one file."""
