"""One view: the same upsert, unchecked."""

import json

from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.urls import path

UPSERT = """
INSERT INTO assessments_draftanswer AS old (draft_id, item, value, comment, revision, comment_revision)
SELECT %s, given.* FROM unnest(%s::text[], %s::smallint[], %s::text[], %s::bigint[], %s::bigint[])
  AS given(item, value, comment, revision, comment_revision)
ON CONFLICT (draft_id, item) DO UPDATE SET
  value = CASE WHEN excluded.revision > old.revision THEN excluded.value ELSE old.value END,
  revision = greatest(excluded.revision, old.revision),
  comment = CASE WHEN excluded.comment_revision > old.comment_revision THEN excluded.comment ELSE old.comment END,
  comment_revision = greatest(excluded.comment_revision, old.comment_revision)
WHERE excluded.revision > old.revision OR excluded.comment_revision > old.comment_revision
"""


def save(request: HttpRequest, draft: str) -> JsonResponse:
    answers = json.loads(request.body)["answers"]
    columns = [[one["item"] for one in answers], [one["value"] for one in answers], [""], [], [0]]
    columns[3] = [one["revision"] for one in answers]
    with connection.cursor() as cursor:
        cursor.execute(UPSERT, [draft, *columns])
        response = JsonResponse({"changed": cursor.rowcount, "refused": []})
    response.headers["Content-Length"] = str(len(response.content))
    return response


urlpatterns = [path("save/<uuid:draft>/", save)]
