"""Routes of assessments: one module a noun."""

from assessments.urls import (
    assessments,
    consoles,
    fill_in,
    home,
    idea_boards,
    imports,
    instruments,
    map_exchange,
    maps,
    minutes,
    phones,
    projectors,
    replies,
    result_details,
    results,
    rooms,
    scenarios,
    workshops,
)

app_name = "assessments"
urlpatterns = [
    *home.urlpatterns,
    *instruments.urlpatterns,
    *assessments.urlpatterns,
    *imports.urlpatterns,
    *result_details.urlpatterns,
    *results.urlpatterns,
    *fill_in.urlpatterns,
    *consoles.urlpatterns,
    *minutes.urlpatterns,
    *rooms.urlpatterns,
    *phones.urlpatterns,
    *workshops.urlpatterns,
    *projectors.urlpatterns,
    *idea_boards.urlpatterns,
    *scenarios.urlpatterns,
    *map_exchange.urlpatterns,
    *maps.urlpatterns,
    *replies.urlpatterns,
]
