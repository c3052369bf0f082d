"""Words of ours that speak of something else: cables, tanks, wards, translations and buildings are no rules on data."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.judge import judge_text, load_rules

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
RULES = load_rules()


def verdict(title: str, text: str = "") -> str:
    return judge_text(id="", title=title, text=text, rules=RULES, now=NOW).verdict


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Regulator publishes broadband data transfer speeds", "Median data transfer speeds rose by 10%."),
        ("Data transfer rates of mobile services", ""),
        ("Vitesse de transfert de données mobiles", ""),
        ("数据传输速率测试结果公布", ""),
        ("Velocidad de transferencia de datos en zonas rurales", ""),
        ("Storage of grain: local storage requirement", "Grain must be stored locally within the territory."),
        ("Local data storage tanks regulation", "Storage of fuel data tanks must be local."),
        ("Localization of the software into Spanish", "Data localization files are available."),
        ("International transfer of employees' pension data card", "Employees moving abroad keep pension rights."),
        ("Transfert de données hospitalières entre services de l'hôpital", "Les dossiers sont transférés."),
    ],
)
def test_what_only_shares_our_words_is_not_told(title: str, text: str) -> None:
    assert verdict(title, text) == "not_relevant"


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Data transfer between two buildings", ""),
        ("Trasferimento di dati tra due scuole", ""),
        ("Relocation of our offices", "Our data centre moves abroad next week; the website will be unavailable."),
    ],
)
def test_everyday_words_alone_are_left_to_a_person(title: str, text: str) -> None:
    assert verdict(title, text) == "uncertain"


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Data transfer to third countries: new rules", ""),
        ("Local storage requirement for payment data", "Payment data must be stored on servers in the country."),
        ("International transfer of employees' personal data", ""),
        ("Data centres: personal data must not be moved abroad", "Personal data may not be transferred abroad."),
        ("Transfert de données de santé vers les États-Unis", ""),
    ],
)
def test_the_same_words_with_a_second_sign_are_told(title: str, text: str) -> None:
    assert verdict(title, text) == "relevant"
