"""Wrong join codes run out, right ones in a full hall do not."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from assessments.join_codes import code_count
from assessments.live.bus import connection
from assessments.services import join_limits
from assessments.services.join_limits import LimitsHere, Wait, guess_allowed, note_wrong_guess
from metasystem.embedded import Addresses
from metasystem.processes import wait_until


@pytest.fixture(autouse=True)
def _full_bucket(running_servers: Addresses) -> Iterator[None]:
    forget_wrong_guesses()
    yield
    forget_wrong_guesses()


def forget_wrong_guesses() -> None:
    for key in connection().scan_iter("join:wrong*"):
        connection().delete(key)


@pytest.fixture
def limits_here(monkeypatch: pytest.MonkeyPatch) -> LimitsHere:
    """No Redis at its address, and a process that has counted nothing yet."""
    nobody = redis.Redis(host="127.0.0.1", port=1, retry=Retry(NoBackoff(), 0))
    here = LimitsHere(clock=lambda: 100.0)  # what a busy machine takes for a test is no waiting time
    monkeypatch.setattr(join_limits, "connection", lambda: nobody)
    monkeypatch.setattr(join_limits, "_here", here)
    monkeypatch.setattr(join_limits, "_away", join_limits._Away())
    return here


def guess_wrong(device: str, *, times: int = 1) -> None:
    for _each in range(times):
        note_wrong_guess(device=device)


def spend(tokens: int) -> None:
    """Wrong guesses of devices that never come twice, without the time that they would take."""
    with connection().pipeline() as pipe:
        for _each in range(tokens):
            pipe.eval(join_limits._NOTE, 1, join_limits.EVERYBODY_KEY, join_limits._STEP, 8, 600_000)
        pipe.execute()


def test_eight_wrong_codes_are_borne_and_the_ninth_waits() -> None:
    for _each in range(8):
        assert guess_allowed(device="phone", standing=True) is None
        guess_wrong("phone")
    wait = guess_allowed(device="phone", standing=True)
    assert wait is not None
    assert not wait.everybody
    assert 595 <= wait.seconds <= 600
    assert guess_allowed(device="another phone", standing=True) is None


def test_right_codes_cost_nothing() -> None:
    for _each in range(50):
        assert guess_allowed(device="phone", standing=False) is None


def test_the_wait_ends_ten_minutes_after_the_eighth_last_wrong_code() -> None:
    guess_wrong("phone", times=8)
    (_everybody, key) = join_limits._keys("phone")
    passed = int(connection().lindex(key, 7)) - 590_000
    connection().lset(key, 7, passed)
    wait = guess_allowed(device="phone", standing=True)
    assert wait is not None
    assert not wait.everybody
    assert 1 <= wait.seconds <= 10
    connection().lset(key, 7, passed - 11_000)
    assert guess_allowed(device="phone", standing=True) is None


def test_nothing_that_names_the_device_is_kept_nor_for_long() -> None:
    guess_wrong("phone", times=20)
    everybody, key = join_limits._keys("phone")
    assert sorted(connection().scan_iter("join:wrong*")) == [everybody.encode(), key.encode()]
    assert "phone" not in key
    assert connection().llen(key) == 8
    assert 0 < connection().ttl(key) <= 600
    assert 0 < connection().ttl(everybody) <= 20 * 60 / join_limits.A_MINUTE + 2


def test_when_little_is_left_only_devices_in_good_standing_guess() -> None:
    spend(join_limits.TOKENS - join_limits.KEPT + 4)  # more, lest one comes back meanwhile
    stranger = guess_allowed(device="stranger", standing=False)
    assert stranger is not None
    assert stranger.everybody
    assert 1 <= stranger.seconds <= 8
    assert guess_allowed(device="guest", standing=True) is None


def test_a_device_that_keeps_no_cookies_has_no_standing_and_no_count_of_its_own() -> None:
    guess_wrong("", times=20)
    assert guess_allowed(device="", standing=True) is None
    spend(join_limits.TOKENS - join_limits.KEPT)
    assert guess_allowed(device="", standing=True) is not None


def test_an_empty_bucket_keeps_everybody_waiting_until_the_debt_is_paid() -> None:
    spend(join_limits.TOKENS + 40)
    wait = guess_allowed(device="guest", standing=True)
    assert wait is not None
    assert wait.everybody
    assert 55 <= wait.seconds <= 62


def test_tokens_come_back_with_time() -> None:
    spend(join_limits.TOKENS + 1)
    assert guess_allowed(device="guest", standing=True) is not None
    assert wait_until(lambda: guess_allowed(device="guest", standing=True) is None, seconds=30)


def test_a_thousand_people_get_in_within_a_minute_though_every_tenth_mistypes() -> None:
    """One address, as the limits see none; even where nobody's page is older than a moment."""
    for standing in (True, False):
        forget_wrong_guesses()

        def join(number: int, standing: bool = standing) -> list[Wait | None]:
            device = f"phone {number}"
            tries = [guess_allowed(device=device, standing=standing)]
            if number % 10 == 0:
                note_wrong_guess(device=device)
                tries.append(guess_allowed(device=device, standing=standing))
            return tries

        began = time.monotonic()
        with ThreadPoolExecutor(16) as threads:
            tries = [each for answers in threads.map(join, range(1_000)) for each in answers]
        assert tries == [None] * 1_100
        assert time.monotonic() - began < 60


def test_a_hall_gets_in_beside_a_crude_attack() -> None:
    spend(join_limits.TOKENS - join_limits.KEPT)
    for number in range(1_000):
        device = f"phone {number}"
        assert guess_allowed(device=device, standing=True) is None
        if number % 10 == 0:
            note_wrong_guess(device=device)
            assert guess_allowed(device=device, standing=True) is None
    assert guess_allowed(device="attack", standing=False) is not None


def test_an_attack_from_ever_new_devices_gets_no_more_than_the_bucket() -> None:
    def attack(number: int) -> int:
        guesses = 0
        for each in range(100):
            if guess_allowed(device=f"{number} {each}", standing=True) is None:
                note_wrong_guess(device=f"{number} {each}")
                guesses += 1
        return guesses

    threads_at_once = 16
    began = time.monotonic()
    with ThreadPoolExecutor(threads_at_once) as threads:
        guesses = sum(threads.map(attack, range(24)))
    refilled = (time.monotonic() - began) * join_limits.A_MINUTE / 60
    assert join_limits.TOKENS <= guesses <= join_limits.TOKENS + refilled + threads_at_once


def test_guessing_an_open_workshop_takes_weeks() -> None:
    assert join_limits.days_to_a_hit(codes=code_count(), open_workshops=50) > 21
    assert join_limits.days_to_a_hit(codes=64_000_000, open_workshops=50) > 21


def test_without_redis_a_device_waits_all_the_same(limits_here: LimitsHere) -> None:
    for _each in range(8):
        assert guess_allowed(device="phone", standing=True) is None
        guess_wrong("phone")
    wait = guess_allowed(device="phone", standing=True)
    assert wait is not None
    assert not wait.everybody
    assert wait.seconds == 600
    assert limits_here.wait(device="phone", standing=True) is not None


def test_without_redis_everybody_has_a_quarter_of_the_bucket(limits_here: LimitsHere) -> None:
    for number in range((join_limits.TOKENS - join_limits.KEPT) // 4):
        assert guess_allowed(device=f"phone {number}", standing=False) is None
        guess_wrong(f"phone {number}")
    assert guess_allowed(device="stranger", standing=False) == Wait(seconds=2, everybody=True)
    for number in range(join_limits.KEPT // 4):
        assert guess_allowed(device=f"guest {number}", standing=True) is None
        guess_wrong(f"guest {number}")
    assert guess_allowed(device="guest", standing=True) == Wait(seconds=2, everybody=True)


def test_without_redis_memory_is_bounded_and_waits_end() -> None:
    now = [0.0]
    here = LimitsHere(clock=lambda: now[0])
    for _each in range(8):
        here.note(device="phone")
    assert here.wait(device="phone", standing=True) == Wait(seconds=600, everybody=False)
    now[0] += 600
    assert here.wait(device="phone", standing=True) is None
    for number in range(join_limits.MOST_DEVICES + 5):
        here.note(device=f"phone {number}")
    assert len(here._devices) == join_limits.MOST_DEVICES


def test_redis_is_left_alone_for_a_while_after_it_did_not_answer(
    limits_here: LimitsHere, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked = []
    nobody = join_limits.connection()

    def ask() -> "redis.Redis":
        asked.append(1)
        return nobody

    monkeypatch.setattr(join_limits, "connection", ask)
    for _each in range(20):
        assert guess_allowed(device="phone", standing=True) is None
    assert asked == [1]
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_redis_is_asked_again_by_one_for_all_and_used_once_it_answers(
    limits_here: LimitsHere, monkeypatch: pytest.MonkeyPatch
) -> None:
    guess_wrong("phone", times=8)
    assert guess_allowed(device="phone", standing=True) is not None
    away = join_limits._away
    away._until = time.monotonic()
    assert away.is_over()
    assert not away.is_over()
    away._until = time.monotonic()
    monkeypatch.setattr(join_limits, "connection", connection)
    assert [guess_allowed(device="phone", standing=True) for _each in range(2)] == [None, None]
    assert away.is_over()
    assert away.is_over()


@pytest.mark.parametrize(
    ("wait", "message"),
    [
        (Wait(1, True), "Very many wrong codes are being typed. Wait 1 second and try again, or scan the QR code."),
        (Wait(2, True), "Very many wrong codes are being typed. Wait 2 seconds and try again, or scan the QR code."),
        (Wait(1, False), "Those were too many wrong codes. Wait 1 second and try again, or scan the QR code."),
        (Wait(59, False), "Those were too many wrong codes. Wait 59 seconds and try again, or scan the QR code."),
        (Wait(60, False), "Those were too many wrong codes. Wait 1 minute and try again, or scan the QR code."),
        (Wait(541, False), "Those were too many wrong codes. Wait 10 minutes and try again, or scan the QR code."),
    ],
)
def test_the_wait_is_said_in_words(wait: Wait, message: str) -> None:
    assert wait.message == message
