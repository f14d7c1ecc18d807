"""The one door that platforms knock on: ask, choose, rate, reload, inbox."""

from bot.desk.desk import Desk
from bot.desk.health import Health
from bot.desk.null import MemoryJournal, NullJournal
from bot.desk.values import Asker, How, InboxGroup, InboxPage, NotAdmin, Notice, Report, Suggestion, Topic

__all__ = [
    "Asker",
    "Desk",
    "Health",
    "How",
    "InboxGroup",
    "InboxPage",
    "MemoryJournal",
    "NotAdmin",
    "Notice",
    "NullJournal",
    "Report",
    "Suggestion",
    "Topic",
]
