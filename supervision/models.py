"""Gathers the models of the slices: one app label, one migrations folder."""

from supervision.clues.models import Clue as Clue
from supervision.clues.models import Screening as Screening
from supervision.flags.models import FlagFacts as FlagFacts
from supervision.monitors.models import Alert as Alert
from supervision.monitors.models import AlertStep as AlertStep
from supervision.monitors.models import Cursor as Cursor
from supervision.monitors.models import Tally as Tally
from supervision.monitors.models import Turn as Turn
from supervision.monitors.models import Watched as Watched
from supervision.tips.models import TipAct as TipAct
from supervision.tips.models import TipDay as TipDay
from supervision.tips.models import TipMessage as TipMessage
from supervision.tips.models import TipRecipient as TipRecipient
from supervision.tips.models import TipThread as TipThread
