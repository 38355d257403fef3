"""A process of its own that alone knows who was drawn: it keeps persons, salts and employers, and it alone calls.

`notifier.client` is the site's side; everything else runs in the other process and knows nothing of the site's code.
Whoever controls that process knows whom it calls. Decision 0021.
"""

MOST_PEOPLE = 16  # of whom one message asks where they sit; the site asks about more in several
