from assessments.models.assessments import Assessment, Invitation, Wave, WaveGroup
from assessments.models.instruments import Instrument, InstrumentVersion
from assessments.models.responses import Comment, Draft, DraftAnswer, Response
from assessments.models.scores import Score, WaveResult
from assessments.models.uploads import UploadPart, WaveUpload

__all__ = [
    "Assessment",
    "Comment",
    "Draft",
    "DraftAnswer",
    "Instrument",
    "InstrumentVersion",
    "Invitation",
    "Response",
    "Score",
    "UploadPart",
    "Wave",
    "WaveGroup",
    "WaveResult",
    "WaveUpload",
]
