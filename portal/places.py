"""Where the rooms of a project are: addresses the public doors promise."""


def place(number: str, room: str = "") -> str:
    """The page of a project, or one of its rooms: bid, hall, panel, evaluation, award, log."""
    return f"/projects/{number}/{room}/" if room else f"/projects/{number}/"
