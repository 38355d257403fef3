"""Streams of entries, and the two trees they are placed in. Entries, placements, tiles and signatures never change."""

from django.db import models


class Log(models.TextChoices):
    """The two logs: facts for everyone, and what the law keeps secret for a time."""

    PUBLIC = "public"
    SEALED = "sealed"


class Stream(models.Model):
    """One story; its row is the lock under which its entries are numbered."""

    log = models.CharField(max_length=6, choices=Log.choices)
    name = models.CharField(max_length=120)
    last = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "name"], name="one_stream_a_name")]


class Entry(models.Model):
    """One recorded fact. leaf: exactly the bytes hashed into the tree; nonce: blinds it, in the sealed log only."""

    log = models.CharField(max_length=6, choices=Log.choices)
    stream = models.CharField(max_length=120)
    seq = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=60)
    at = models.DateTimeField()
    event = models.TextField()
    leaf = models.BinaryField()
    nonce = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["log", "stream", "seq"], name="one_entry_a_number"),
            models.CheckConstraint(
                condition=models.Q(log=Log.PUBLIC, nonce=None) | models.Q(log=Log.SEALED, nonce__isnull=False),
                name="sealed_entries_are_blinded",
            ),
        ]
        indexes = [models.Index(fields=["log", "at"], name="entries_of_a_day")]


class Pending(models.Model):
    """An entry the sequencer has still to place; written with the entry, deleted with its placement."""

    entry = models.OneToOneField(Entry, primary_key=True, on_delete=models.PROTECT)


class Placement(models.Model):
    """Where in its log's tree an entry stands."""

    entry = models.OneToOneField(Entry, primary_key=True, on_delete=models.PROTECT)
    log = models.CharField(max_length=6, choices=Log.choices)
    index = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "index"], name="one_entry_a_place")]


class Edge(models.Model):
    """A leaf of a log's last, incomplete tile; becomes part of a Tile when that is full."""

    log = models.CharField(max_length=6, choices=Log.choices)
    index = models.PositiveBigIntegerField()
    leaf = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "index"], name="one_edge_a_place")]


class Tile(models.Model):
    """A full tile of 256 hashes, written once. level -1: the bundle of the 256 entries themselves.

    root: the hash over the tile, which is one hash of the tile above; empty for bundles.
    """

    log = models.CharField(max_length=6, choices=Log.choices)
    level = models.SmallIntegerField()
    n = models.PositiveBigIntegerField()
    data = models.BinaryField()
    root = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "level", "n"], name="one_tile_a_place")]


class Checkpoint(models.Model):
    """A signed statement of a log's size and root; kept before it is published."""

    log = models.CharField(max_length=6, choices=Log.choices)
    size = models.PositiveBigIntegerField()
    root = models.BinaryField()
    note = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "size"], name="one_checkpoint_a_size")]


class Cosignature(models.Model):
    """A witness's signature line under a checkpoint."""

    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="cosignatures")
    witness = models.CharField(max_length=200)
    line = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["checkpoint", "witness"], name="one_cosignature_a_witness")]


class Witnessed(models.Model):
    """The quorum of witnesses stands under this checkpoint; written once, when the last of them signed."""

    checkpoint = models.OneToOneField(Checkpoint, primary_key=True, on_delete=models.PROTECT)
    log = models.CharField(max_length=6, choices=Log.choices)
    size = models.PositiveBigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["log", "-size"], name="newest_witnessed")]


class SealedBatch(models.Model):
    """A batch of the sealed log asked for outside the cadence, because a stream's bidding has closed."""

    stream = models.CharField(max_length=120, unique=True)
    wanted_at = models.DateTimeField()
    checkpoint = models.ForeignKey(Checkpoint, null=True, on_delete=models.PROTECT)


class Blob(models.Model):
    """A large public object, known by what it is: its bytes lie in the storage under their SHA-256."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField()


class Outgoing(models.Model):
    """A piece of a file written with an act, on its way to a storage that must not be asked while the act holds rows.

    Deleted once the whole lies there.  source: no bytes of its own: a copy of what lies under that name.
    """

    name = models.CharField(max_length=200)
    piece = models.PositiveIntegerField()
    data = models.BinaryField()
    source = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "piece"], name="outgoing_once")]


class HighWater(models.Model):
    """The highest instant any process has seen, so that a clock set back reopens nothing. One row.

    set_back_at: when a witness was found to have signed more than this database holds (`ledger.setback`).
    """

    at = models.DateTimeField()
    set_back_at = models.DateTimeField(null=True)


class Underway(models.Model):
    """How far a process that serves is behind: when the oldest request came that it has not answered."""

    process = models.CharField(max_length=80, unique=True)
    oldest = models.DateTimeField()
    told_at = models.DateTimeField()
