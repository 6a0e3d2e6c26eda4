"""Acts of a lead that say it may want to buy, told by their names: asking for a demo, a trial, a price, a call; a form, a reply. Opened mail, visits,
downloads and webinars are acts too, but no such sign."""

from __future__ import annotations

from functools import lru_cache

from plumbline.history.connection import History
from plumbline.leaks.reasons import Term, Text, compared
from plumbline.sqlfiles import sql

STRONG = (
    "demo, demos, demo request*, demorequest*, demo booked, trial*, free trial*, freetrial*, pricing*, price*, prices, quote, "
    "quotes, quote request*, quoterequest*, rfq, rfp, proposal request*, contact request*, contactrequest*, contact us, contactus, "
    "contact sales, contactsales, talk to sales, contact form*, contactform*, form submi*, form fill*, formsubmi*, form completed, "
    "form sent, form, request, enquiry, inquiry form, reply, replied, replies, email reply, email replied, responded, chat, live "
    "chat, livechat, call request*, callback*, call back, meeting*, booked a meeting, buy, checkout, add to cart, order placed, "
    "angebot*, preis*, kontaktanfrage*, kontaktformular*, anfrage*, ruckruf*, formular*, antwort*, testversion*, demoanfrage*, "
    "devis, tarif, tarifs, demande de demo*, demande de contact, formulaire*, reponse*, essai gratuit, precio*, presupuesto*, "
    "cotizacion*, formulario*, respuesta*, prueba gratis, solicitud*, orcamento*, preco*, resposta*, preventivo*, prezz*, modulo "
    "di contatto, risposta*, offerte*, prijs*, contactformulier*, teklif*, fiyat*, iletisim formu*, demo talebi*, cennik*, "
    "formularz*, oferta*, цена, цены, заявка*, ответ*, 报价, 询价, 演示, 价格, 试用, 咨询, 見積, 価格, デモ, 問い合わせ, 資料請求, "
    "견적, 문의, 데모, 가격, ขอราคา, "
    "สอบถามราคา, ขอเดโม, แบบฟอร์ม"
)
_WEAK = "auto reply, autoreply, no reply, out of office*, form view*, form viewed, chat closed, meeting cancelled, meeting canceled, careers*, job*"
_STRONG, _WEAKER = (tuple(Term(one) for one in words.split(", ")) for words in (STRONG, _WEAK))


@lru_cache(10_000)
def is_strong(name: str) -> bool:
    """Whether an act of that name is a sign that the lead may want to buy."""
    text = Text.of(compared(name))
    return any(term.is_in(text) for term in _STRONG) and not any(term.is_in(text) for term in _WEAKER)


def names(history: History) -> list[str]:
    """The names of acts in this history that are such signs."""
    return [name for name in history.query(sql("replay/activity_kinds"))["activity"].to_list() if is_strong(name)]
