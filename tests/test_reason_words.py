"""Reasons in fifteen languages: half of them hold a word of a class, the other half only letters of one, or take it back."""

from __future__ import annotations

import time

import pytest

from plumbline.leaks.reasons import FIT, reason_class
from tests.figures import measured

# language | class | reason as typed
MEANT = """
en | bad_timing | Later
en | cannot_pay | No budget
en | competitor | Is a competitor
en | duplicate | Dup. of lead 4711
en | outside | Contact left the company
en | outside | Gatekeepers everywhere
en | outside | Firm is insolvent
en | happy_elsewhere | Went with HubSpot
en | bad_data | Test leads, ignore
en | bad_data | Email bounced
en | cannot_pay | CAN’T AFFORD it
en | cannot_pay | Question of price
en | wrong_target | Not a good fit
en | wrong_target | Job-seekers
en | bad_timing | Put on-hold until May
en | bad_timing | postponed
en | unreachable | no_response
en | unreachable | Went dark after the demo
en | no_need | No, not interested
en | no_need | Only curious
de | duplicate | Dubletten im System
de | outside | Ansprechpartner ausgeschieden
de | outside | Budgetkürzungen
de | happy_elsewhere | Zufrieden mit SAP
de | competitor | Mitbewerberin
de | bad_data | Ungültige E-Mail
de | bad_data | ungueltige Nummer
de | cannot_pay | Kein Budget
de | wrong_target | Falsche Zielgruppe
de | bad_timing | Naechstes Jahr wieder
de | bad_timing | Projekt verschoben
de | unreachable | Nicht erreichbar
de | unreachable | Noch nicht erreicht
de | no_need | Kein Bedarf mehr
fr | duplicate | Doublons
fr | outside | Parti de l'entreprise
fr | happy_elsewhere | A choisi un concurrent
fr | competitor | C'est un concurrent
fr | competitor | Concurrent
fr | bad_data | Numéro invalide
fr | cannot_pay | Trop cher
fr | wrong_target | Hors cible
fr | bad_timing | L'année prochaine
fr | unreachable | Injoignable
fr | no_need | Pas de besoin
es | duplicate | Duplicada
es | happy_elsewhere | Ya tiene proveedor
es | competitor | Es competencia
es | cannot_pay | Sin presupuesto
es | bad_timing | MAS ADELANTE
es | unreachable | Todavía no contesta
es | no_need | No le interesa
pt | cannot_pay | Sem orçamento
pt | competitor | Concorrente
pt | unreachable | Não atende
pt | bad_timing | Ano que vem
it | cannot_pay | Troppo caro
it | competitor | Un concorrente
it | unreachable | Non risponde
it | no_need | Nessun bisogno
nl | cannot_pay | Te duur
nl | unreachable | Geen gehoor
nl | no_need | Geen behoefte
pl | competitor | Pracuje u konkurencji
pl | cannot_pay | Brak budżetu
pl | unreachable | Nie odbiera
pl | bad_timing | Później
sv | unreachable | Svarar inte
sv | no_need | Inte intresserade
ru | cannot_pay | Нет бюджета
ru | competitor | Работает у конкурентов
ru | unreachable | Не берёт трубку
ru | bad_timing | Отложили до весны
tr | cannot_pay | BÜTÇESİ YOK
tr | competitor | Rakip firma çalışanı
tr | unreachable | Ulaşılamadı
tr | unreachable | Toplantıdan sonra ulaşılamadı
tr | no_need | İhtiyaçları yok
tr | bad_timing | Daha sonra arayın
zh | cannot_pay | 客户没有预算了
zh | competitor | 他是竞争对手的员工
zh | unreachable | 一直联系不上
zh | bad_timing | 明年再说
ja | cannot_pay | 今期は予算がないため
ja | competitor | 競合他社の方
ja | unreachable | 何度も連絡がつかない
ja | bad_timing | 来年検討
ja | no_need | 必要なしとのこと
ko | cannot_pay | 예산이 없어서
ko | competitor | 경쟁사에서 문의
ko | unreachable | 연락이 안됨
ko | bad_timing | 내년에 다시
ko | duplicate | 중복된 리드
th | cannot_pay | ลูกค้าไม่มีงบปีนี้
th | competitor | เป็นคู่แข่งของเรา
th | unreachable | โทรแล้วติดต่อไม่ได้
th | bad_timing | รอปีหน้า
th | no_need | ลูกค้าไม่สนใจ
"""
TRAPS = """
en | other | Collateral not sent
en | other | Lateral move of the contact
en | other | Unilateral decision of the board
en | other | Stafford branch closed
en | other | Concurrent project in progress
en | other | Project is concurrent with an audit
en | other | Done with concurrence of legal
en | other | Contest lead, wanted the prize only
en | other | Latest leads from the booth
en | other | Priceless feedback, but no decision
en | other | Commission holdback
en | other | Acquired 200 contacts at the fair
en | other | Shared content with the team
en | other | Inexpensive pilot agreed
en | other | Series B funding received
en | other | Budgerigar breeder
en | other | Emergers programme
en | other | Spamhaus reference call
en | other | Not a competitor
en | other | Isn't really a student
en | other | Not too expensive
en | other | Answer no later than Friday
en | other | Price is fine
en | other | No budget issues
en | other | Icpo member
en | other | Grand Prix guest
en | wrong_target | Contact person holds no authority
en | no_need | Budget approved but no need
en | no_need | Not a competitor, just no use case
en | unreachable | Three weeks later still no answer
en | unreachable | Mail went to spam, no reply
en | no_need | Good ICP, no interest
en | no_need | Happy with the demo but no need
en | cannot_pay | Unhappy with current vendor, no budget
de | other | Wettbewerb gewonnen, will nur den Preisträger zeigen
de | other | Kein Wettbewerber
de | other | Budget ist freigegeben
de | other | Fusionsküche Berlin
de | other | Verspätung der Lieferung
de | other | Doppeltüren GmbH
de | no_need | Budget vorhanden, aber kein Bedarf
de | unreachable | Derzeit nicht erreichbar
fr | other | En particulier le siège
fr | other | Les Invalides, projet pilote
fr | other | Pas un concurrent
fr | other | Budget validé
fr | other | Prixtel SA
es | other | Contestó la encuesta
es | other | Conocida por su competencia lingüística
es | other | Precioso local
es | other | Caro Gómez de vacaciones
es | other | Presupuesto aprobado
pt | other | Adiamantina SA
pt | other | Orçamento aprovado
pt | other | Não é concorrente, não
it | other | Carota Srl
it | other | Non è un concorrente
it | other | Budget approvato
nl | other | In het particulieren segment
nl | other | Geen concurrenten
nl | other | Duurzaam project
pl | other | Wygrał konkurs
pl | other | Przełożony odmówił
pl | other | Oferta konkurencyjna
pl | other | To nie konkurent
sv | other | Senareware AB
sv | other | Inte konkurrent
ru | other | Филиал в Дублине
ru | other | Выиграл конкурс
ru | other | Не конкурент
tr | other | Rakip değil
tr | other | Rakipsiz ürün
tr | other | Bütçe onaylandı
tr | other | Toplantıdan sonrasında görüşüldü
zh | other | 重复购买客户
zh | other | 不是竞争对手
zh | other | 预算已批准
ja | other | 競合ではない
ja | other | 予算は承認済み
ja | other | 重複なし
ko | other | 경쟁사가 아님
ko | other | 현 솔루션에 불만족
ko | other | 연락처 전달함
ko | other | 예산 승인
th | other | ลูกค้าสงบดี
th | other | ลูกค้าซื้อซ้ำ
th | other | ไม่ใช่คู่แข่ง
th | other | ยังไม่ตอบโจทย์
th | other | ส่งงบการเงินแล้ว
"""


def listed(phrases: str) -> list[tuple[str, str, str]]:
    return [tuple(part.strip() for part in line.split(" | ")) for line in phrases.strip().splitlines()]


@pytest.mark.parametrize(("language", "name", "text"), [*listed(MEANT), *listed(TRAPS)])
def test_a_reason_is_of_the_class_that_its_words_mean(language: str, name: str, text: str) -> None:
    assert reason_class(text) == name


def test_the_phrases_are_many_and_half_of_them_are_traps() -> None:
    meant, traps = listed(MEANT), listed(TRAPS)
    languages = {language for language, _, _ in [*meant, *traps]}
    measured(f"reasons: {len(meant)} phrases that mean a class and {len(traps)} traps in {len(languages)} languages, each in its class")
    assert len(meant) + len(traps) >= 150 and len(languages) >= 12 and len(traps) >= 0.45 * (len(meant) + len(traps))


def test_letters_of_another_word_bring_no_lead_to_the_side_of_fit() -> None:
    assert not [text for _, name, text in listed(TRAPS) if name == "other" and reason_class(text) in FIT]


def test_ten_thousand_reasons_are_read_in_a_few_seconds() -> None:
    texts = [f"{text} {number}" for number, (_, _, text) in enumerate([*listed(MEANT), *listed(TRAPS)] * 54)]
    began = time.process_time()
    for text in texts:
        reason_class(text)
    seconds = time.process_time() - began
    measured(f"{len(texts):,} different reasons are read in {seconds:.1f} s")
    assert seconds < 20


@pytest.mark.parametrize(
    ("own", "text", "name"),
    [
        ({"late": "bad_timing"}, "Collateral missing", "other"),
        ({"late": "bad_timing"}, "Too LATE for us", "bad_timing"),
        ({"preis*": "cannot_pay"}, "Preisverhandlung", "cannot_pay"),
        ({"=vip": "other"}, "VIP, no budget", "cannot_pay"),
        ({"不合适": "wrong_target"}, "客户不合适", "wrong_target"),
    ],
)
def test_an_organisations_own_words_are_whole_words_too(own: dict[str, str], text: str, name: str) -> None:
    assert reason_class(text, own) == name
