from django.utils import translation

from assessments.charts.words import Words
from assessments.dashboards.words import chart_words


def test_every_word_is_given_and_english_is_the_default():
    with translation.override("en"):
        assert chart_words() == Words()
