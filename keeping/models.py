"""Gathers the models of the slices: one app label, one migrations folder."""

from keeping.archives.models import Package as Package
from keeping.archives.models import Place as Place
from keeping.archives.models import ToPack as ToPack
from keeping.retention.models import Deletion as Deletion
from keeping.retention.models import Hold as Hold
