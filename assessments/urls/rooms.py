"""Routes of joining a workshop, and of what a phone there sends."""

from django.urls import URLPattern, path

from assessments.views import join, room_writes, seat_moves

SEAT = "w/<str:token>/"

urlpatterns: list[URLPattern] = [
    path("j/", join.CodeView.as_view(), name="join"),
    path("j/<str:code>/", join.CodeView.as_view(), name="join-code"),
    path("j/k/<str:key>/", join.JoinView.as_view(), name="join-link"),
    path(f"{SEAT}votes/", room_writes.WritesView.as_view(kind="votes"), name="room-votes"),
    path(f"{SEAT}ideas/", room_writes.WritesView.as_view(kind="ideas"), name="room-ideas"),
    path(f"{SEAT}commitments/", room_writes.WritesView.as_view(kind="commitments"), name="room-commitments"),
    path(f"{SEAT}move/", seat_moves.MoveView.as_view(), name="room-move"),
]
