from assessments.models.activities import Activity, Round
from assessments.models.assessments import Assessment, Invitation, Wave, WaveGroup
from assessments.models.commitments import Commitment
from assessments.models.instruments import Instrument, InstrumentVersion
from assessments.models.responses import Comment, Draft, DraftAnswer, Response
from assessments.models.scores import Score, WaveResult
from assessments.models.seats import Seat
from assessments.models.uploads import UploadPart, WaveUpload
from assessments.models.votes import Idea, IdeaCluster, Reason, Vote
from assessments.models.workshops import AgendaTemplate, Breakout, MinutesRequest, Workshop, WorkshopNote

__all__ = [
    "Activity",
    "AgendaTemplate",
    "Assessment",
    "Breakout",
    "Comment",
    "Commitment",
    "Draft",
    "DraftAnswer",
    "Idea",
    "IdeaCluster",
    "Instrument",
    "InstrumentVersion",
    "Invitation",
    "MinutesRequest",
    "Reason",
    "Response",
    "Round",
    "Score",
    "Seat",
    "UploadPart",
    "Vote",
    "Wave",
    "WaveGroup",
    "WaveResult",
    "WaveUpload",
    "Workshop",
    "WorkshopNote",
]
