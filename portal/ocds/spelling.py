"""How days and months are spelled in addresses."""

from datetime import date


class Day:
    regex = r"\d{4}-\d{2}-\d{2}"
    form = "%Y-%m-%d"

    def to_python(self, value: str) -> date:
        """ValueError, and so no such address, for a day no calendar has."""
        found = date.fromisoformat(f"{value}-01"[:10])
        if not 2000 <= found.year <= 2999:
            raise ValueError(value)
        return found

    def to_url(self, value: date | str) -> str:
        return value if isinstance(value, str) else value.strftime(self.form)


class Month(Day):
    regex = r"\d{4}-\d{2}"
    form = "%Y-%m"
