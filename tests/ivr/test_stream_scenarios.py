# SPDX-License-Identifier: Apache-2.0
"""Whole calls over the real endpoint, by an independent Media Streams client (streamdouble).

It knows nothing of Twilio's signature, so the header is added; it drops marks on `clear` where
Twilio's pages say they come back.
"""

from __future__ import annotations

from real_service import Service, labels, play, ring_in, sayings, turns
from streamdouble.chaos import Impairments
from streamdouble.scenario import Dtmf, Hangup, Step, Wait, WaitFor

from ivr import tokens
from ivr.voice import CALLER_VOICES, EspeakVoice

COMMANDING = EspeakVoice("ko+f4", 165, 55)  # whose commands Vosk hears best


def keys(pressed: str) -> list[Step]:
    return [step for key in pressed for step in (Dtmf(key), Wait(1.6))]


def said(words: list[Step], wait_s: float) -> list[Step]:
    return [step for word in words for step in (word, Wait(wait_s))]


def test_keys_cut_the_voice_short_and_lead_to_a_label(service: Service, url: str) -> None:
    parameters = ring_in(service[1], "CA" + "1" * 32)
    report = play(url, parameters, WaitFor("audio"), Wait(0.6), *keys("1122"), Wait(6.0))
    assert (report.exit_code, report.violations) == (0, [])
    assert report.result.clears_received >= 3
    assert report.result.closed_by == "agent"
    assert labels(service[1], parameters["call"]) != []


def test_a_command_cuts_the_voice_short(service: Service, url: str) -> None:
    """Said again and again: now and then this voice is not understood."""
    parameters = ring_in(service[1], "CA" + "2" * 32)
    words = sayings("도움말", COMMANDING, 6)
    report = play(url, parameters, WaitFor("audio"), Wait(0.8), *said(words, 1.6), Hangup())
    assert report.violations == []
    assert report.result.clears_received >= 1
    heard = turns(service[1], parameters["call"], "heard")
    assert {turn["meaning"] for turn in heard} == {"help"}
    assert any(turn["ms"]["thought"] < 0 for turn in heard)  # type: ignore[index]


def test_over_a_bad_network_keys_lead_to_a_label(service: Service, url: str) -> None:
    """5 % of the frames lost, the others up to 40 ms late."""
    parameters = ring_in(service[1], "CA" + "4" * 32)
    network = Impairments(loss=0.05, jitter_ms=40)
    steps = [WaitFor("audio"), Wait(0.6), *keys("1122"), Wait(6.0)]
    report = play(url, parameters, *steps, impairments=network)
    assert (report.exit_code, report.violations) == (0, [])
    assert labels(service[1], parameters["call"]) != []


def test_over_a_bad_network_a_yes_is_heard(service: Service, url: str) -> None:
    """Said again and again: what comes before a question has been asked does not count."""
    parameters = ring_in(service[1], "CA" + "5" * 32)
    network = Impairments(loss=0.05, jitter_ms=40)
    words = sayings("네", CALLER_VOICES["ko"], 6)
    steps = [WaitFor("audio"), *said(words, 2.0), Hangup()]
    assert play(url, parameters, *steps, impairments=network).violations == []
    heard = turns(service[1], parameters["call"], "heard")
    assert "yes" in {turn["meaning"] for turn in heard}


def test_a_call_whose_stream_breaks_goes_on_where_it_was(service: Service, url: str) -> None:
    store, parameters = service[1], ring_in(service[1], "CA" + "6" * 32)
    play(url, parameters, WaitFor("audio"), Wait(0.6), *keys("1"), Hangup())
    again = parameters | {"token": tokens.issue(store, int(parameters["call"]))}
    play(url, again, WaitFor("audio"), Wait(0.6), *keys("122"), Wait(6.0))
    assert [turn["screen"] for turn in turns(store, parameters["call"], "answered")] == [
        "greeting",
        "reading",
    ]
    assert labels(store, parameters["call"]) != []


def test_silence_is_asked_again(service: Service, url: str) -> None:
    parameters = ring_in(service[1], "CA" + "7" * 32)
    report = play(url, parameters, WaitFor("audio"), Wait(17.0), Hangup())
    assert report.violations == [] and report.result.clears_received == 0
    silences = turns(service[1], parameters["call"], "silence")
    assert [turn["screen"] for turn in silences] == ["greeting"]
