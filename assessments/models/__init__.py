from assessments.models.activities import Activity, Round
from assessments.models.assessments import Assessment, Invitation, Wave, WaveGroup
from assessments.models.commitments import CheckIn, Commitment, CommitmentReminder, CommitmentStep, ReminderDay
from assessments.models.evidence import EvidenceValue
from assessments.models.instruments import Instrument, InstrumentVersion
from assessments.models.replies import ReplyPage
from assessments.models.responses import Comment, Draft, DraftAnswer, Response
from assessments.models.scenarios import Scenario, ScenarioBet
from assessments.models.scores import Score, WaveResult
from assessments.models.seats import Seat
from assessments.models.signals import Signal
from assessments.models.summaries import FeedbackSummary, SummaryMark
from assessments.models.uploads import UploadPart, WaveUpload
from assessments.models.votes import Idea, IdeaCluster, Reason, Vote
from assessments.models.wave_maps import WaveMap
from assessments.models.workshops import AgendaTemplate, Breakout, MinutesRequest, Workshop, WorkshopNote

__all__ = [
    "Activity",
    "AgendaTemplate",
    "Assessment",
    "Breakout",
    "CheckIn",
    "Comment",
    "Commitment",
    "CommitmentReminder",
    "CommitmentStep",
    "Draft",
    "DraftAnswer",
    "EvidenceValue",
    "FeedbackSummary",
    "Idea",
    "IdeaCluster",
    "Instrument",
    "InstrumentVersion",
    "Invitation",
    "MinutesRequest",
    "Reason",
    "ReminderDay",
    "ReplyPage",
    "Response",
    "Round",
    "Scenario",
    "ScenarioBet",
    "Score",
    "Seat",
    "Signal",
    "SummaryMark",
    "UploadPart",
    "Vote",
    "Wave",
    "WaveGroup",
    "WaveMap",
    "WaveResult",
    "WaveUpload",
    "Workshop",
    "WorkshopNote",
]
