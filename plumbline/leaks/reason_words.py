"""The words by which a reason as typed is known, class by class and language by language; `reasons.py` says how they are compared.

A word or phrase stands for itself as a whole word; `word*` for every word that begins so (inflections, compounds: listed by their stems); `=text` for
a reason that says nothing else. Thai, Chinese, Japanese and Korean, written without spaces between words, match inside a text. Accents are not
compared, so nothing is listed twice for want of them.
"""

from __future__ import annotations

# Phrases that take a word back: what they cover is not looked at. As regular expressions over the compared form (reasons.compared).
VOID = (
    r"(?:budgets?|funding|pricing|prices?|timing|need|money) (?:(?:is|are|was|were|has|have|had|been|already|now|fully|all|seems|looks) )*"
    r"(?:approved|available|confirmed|ok|okay|fine|good|there|secured|granted|in place|allocated|exists?|not an issue|no issue|not a problem|"
    r"no problem|not the (?:issue|problem)|right|clear|set|discussed|agreed|accepted|closed)",
    r"(?:has|have|had|with|enough|sufficient|secured|approved|good|great|perfect) (?:the |a |an )?(?:budgets?|funding|money|timing|price|need)",
    r"no (?:budget|price|pricing|money|timing) (?:issues?|problems?|concerns?|questions?)",
    r"(?:price|budget|cost) (?:list|sheet|code|range|holder|owner|planning|tool|software)s?",
    r"no later than|sooner or later|(?:hours?|days?|weeks?|months?|years?) later",
    r"(?:not|un) ?(?:so |very |too |really )?(?:happy|satisfied) with(?: (?:the|our|their|its|a))?(?: (?:current|existing|present))?"
    r"(?: (?:vendor|supplier|provider|tool|solution|software|system))?",
    r"(?:no longer|not) (?:happy|satisfied) with(?: (?:the|our|their))?(?: (?:current|existing))?(?: (?:vendor|supplier|provider|tool|solution))?",
    r"(?:happy|satisfied) with (?:the |our )?(?:demo|prices?|pricing|product|proposal|offer|trial|call|meeting|service)",
    r"(?:signed|renewed|went|stays|staying|bought|under contract) (?:with|from) us",
    r"(?:went|landed|goes|ended up) (?:in|to|into) (?:the )?(?:spam|junk)(?: folder)?|(?:spam|junk) folder",
    r"(?:fits?|matches|meets|good|perfect|within|in|inside) (?:our |the )?icp",
    r"student (?:housing|loans?|unions?|accommodation|software|records?|information)|grand prix|timing belts?|no budget cuts?",
    r"duplicate (?:order|shipment|part)s?|spare parts? price",
    r"budget (?:ist |wurde |schon |bereits )*(?:vorhanden|freigegeben|genehmigt|da|gesichert|kein problem|bewilligt)",
    r"budget (?:est |deja |a ete )*(?:valide|approuve|accorde|disponible|ok|vote)",
    r"presupuesto (?:ya |esta |fue )*(?:aprobado|disponible|confirmado|asignado)",
    r"orcamento (?:ja |esta |foi )*(?:aprovado|disponivel|confirmado)",
    r"budget (?:gia |e |e stato )*(?:approvato|disponibile|confermato)",
    r"budget (?:is |al )*(?:goedgekeurd|beschikbaar|akkoord)",
    r"butce(?:miz|si|leri)? (?:zaten )?(?:var|onaylandi|hazir|onayli|sorun degil)",
    r"budzet (?:jest |juz )*(?:zatwierdzony|dostepny|zaakceptowany)",
    r"预算(?:已|已经)?(?:批准|充足|通过|到位|没问题)|不是(?:竞争对手|同行)|非竞争对手|需求(?:明确|强烈)|不贵|价格(?:没问题|合适)",
    r"重複(?:なし|はない)|予算(?:は|が)?(?:承認済み|承認済|確保済み|確保済|あり|問題ない)|(?:競合|競合他社|重複|学生)(?:では|じゃ|で)な(?:い|く)",
    r"예산(?:은|이|도)?(?:승인|확보|있음|충분|문제없)|(?:경쟁사|중복|학생)(?:가|이|은|는)?(?:아님|아니)",
    r"(?:(?<!ไม่)มีงบ|งบประมาณอนุมัติ|งบประมาณผ่าน|งบประมาณพร้อม)|ไม่ใช่(?:คู่แข่ง|นักศึกษา|ข้อมูลซ้ำ)|ไม่แพง",
)

# Before and after a word these say that it does not hold: "not a competitor", "rakip değil". A phrase that says no itself ("no budget") is not one.
DENIED_BEFORE = (
    r"(?:not|no|never|isn't|isnt|aren't|wasn't|non|neither|nor|nicht|kein|keine|keinen|keiner|keinem|pas|aucun|aucune|n'est pas|sin|ningun|ninguna|"
    r"no es|nao|nenhum|sem|nessun|nessuna|senza|geen|niet|nie|zaden|bez|inte|ingen|inget|не|нет|без)"
    r"(?: (?:a|an|the|any|our|really|actually|yet|so|very|too|that|all|e|is|es|ist|zu|trop|demasiado|muito|troppo|te|ein|eine|einen|der|die|"
    r"das|un|une|de|d'un|d'une|el|la|los|uno|una|um|uma|o|il|lo|een|jest|to))*"
)
DENIED_AFTER = r"(?:degil|degildir|degilmis|nicht|niet)\b"

# In this order: "budget cut by head office" is outside anyone's control before it is a question of money.
WORDS: dict[str, dict[str, str]] = {
    "duplicate": {
        "en": "duplicate, duplicates, duplicated, dupe, dupes, dup, double entry, already in crm, already in the crm, already exists, already a lead",
        "de": "doublette*, dublette*, duplikat*, doppelt angelegt, doppelt erfasst, doppelter*, bereits im crm, schon im crm, bereits vorhanden",
        "fr": "doublon*, deja dans le crm, deja existant, deja cree",
        "es": "duplicado, duplicada, duplicados, duplicadas, ya existe, ya esta en el crm",
        "pt": "duplicado, duplicada, duplicados, duplicadas, ja existe, ja esta no crm",
        "it": "duplicato, duplicata, duplicati, doppione, doppioni, gia presente",
        "nl": "duplicaat, duplicaten, dubbel ingevoerd, dubbele lead, dubbele invoer, bestaat al",
        "pl": "duplikat*, zdublowan*, juz w crm, juz istnieje",
        "sv": "dubblett*, finns redan",
        "ru": "дубль, дубли, дубликат*, дублирует*, задвоен*, уже есть в crm, уже в crm",
        "tr": "mukerrer*, cift kayit*, tekrar kayit, zaten kayitli, zaten crm'de",
        "zh": "=重复, 重复线索, 重复记录, 重复数据, 重复客户, 重复录入, 重复提交, 已存在",
        "ja": "重複, 登録済み, 二重登録",
        "ko": "중복, 이미 등록",
        "th": "=ซ้ำ, ข้อมูลซ้ำ, รายชื่อซ้ำ, ซ้ำซ้อน, ลีดซ้ำ, ซ้ำกับ, มีในระบบแล้ว",
    },
    "outside": {
        "en": (
            "left the company, left company, left the firm, left the business, no longer with, no longer works, no longer at, gatekeeper*, budget "
            "cut, budget cuts, budget was cut, budget got cut, cut by head office, cut by hq, laid off, layoff*, acquired by, got acquired, was "
            "acquired, been acquired, being acquired, company acquired, =acquired, insolven*, bankrupt*, out of business, closed down, shut down, "
            "reorganis*, reorganiz*, restructuring, merger, mergers, hiring freeze"
        ),
        "de": (
            "ausgeschieden, unternehmen verlassen, firma verlassen, nicht mehr im unternehmen, nicht mehr bei der firma, budgetkurzung*, budget "
            "gekurzt, budget wurde gekurzt, budget gestrichen, budget wurde gestrichen, umstrukturierung*, geschaftsaufgabe, =fusion, wegen fusion, "
            "firmenfusion, =konkurs, konkurs angemeldet"
        ),
        "fr": (
            "parti de l'entreprise, parti de la societe, a quitte l'entreprise, a quitte la societe, n'est plus dans l'entreprise, budget coupe, "
            "budget supprime, coupe budgetaire, coupes budgetaires, faillite, depot de bilan, liquidation judiciaire, restructuration"
        ),
        "es": "dejo la empresa, ya no trabaja, recorte de presupuesto, recorte presupuestario, quiebra, en concurso de acreedores, reestructuracion",
        "pt": "saiu da empresa, ja nao trabalha, nao trabalha mais, corte de orcamento, falencia, reestruturacao",
        "it": "ha lasciato l'azienda, non lavora piu, taglio del budget, fallimento, ristrutturazione aziendale",
        "nl": "uit dienst, werkt niet meer, budget geschrapt, failliet, faillissement, reorganisatie",
        "pl": "odszedl z firmy, odeszla z firmy, nie pracuje juz, ciecia budzet*, obciety budzet, upadlosc*, restrukturyzacj*",
        "sv": "har slutat, slutat pa foretaget, budgeten struken, i konkurs, omorganisation",
        "ru": "уволил*, больше не работает, бюджет урезан*, бюджет сокращ*, банкрот*, реорганизаци*",
        "tr": "isten ayril*, sirketten ayril*, butce kesil*, butce kesintisi, iflas*, yeniden yapilan*",
        "zh": "离职, 破产, 倒闭, 被收购, 预算被砍, 预算削减, 重组",
        "ja": "退職, 倒産, 買収され, 予算削減, 予算カット",
        "ko": "퇴사, 파산, 폐업, 인수됨, 예산 삭감",
        "th": "ลาออกแล้ว, ลาออกจาก, ล้มละลาย, ปิดกิจการ, ถูกตัดงบ, โดนตัดงบ",
    },
    "happy_elsewhere": {
        "en": (
            "happy with, satisfied with, happy where they are, just renewed, renewed with, uses another, using another, use another, other tool, "
            "chose competitor, chose a competitor, chose another, chose other vendor, went with, signed with, lost to competitor, lost to a "
            "competitor, staying with, stays with, bought elsewhere, bought from, has a vendor, has a supplier, already has a solution, already "
            "have a solution, under contract with"
        ),
        "de": (
            "bestehender anbieter, bestehenden anbieter, zufrieden mit, hat bereits einen anbieter, hat schon einen anbieter, anderer anbieter "
            "gewahlt, anderen anbieter, wettbewerber gewahlt, hat verlangert, vertrag verlangert"
        ),
        "fr": (
            "satisfait de, satisfaits de, satisfaite de, deja un fournisseur, a deja un prestataire, a choisi un concurrent, choisi un autre, "
            "contrat renouvele, vient de renouveler"
        ),
        "es": (
            "ya tiene proveedor, ya tienen proveedor, satisfecho con, contento con, contentos con, eligio a otro, eligio otro, eligio a la "
            "competencia, renovo con"
        ),
        "pt": "ja tem fornecedor, satisfeito com, contente com, escolheu outro, escolheu o concorrente, renovou com",
        "it": "ha gia un fornitore, soddisfatto di, soddisfatti del, contento di, ha scelto un altro, ha scelto un concorrente, ha rinnovato",
        "nl": "tevreden met, heeft al een leverancier, koos voor een andere, koos een andere, net verlengd",
        "pl": "zadowolon* z, ma juz dostawce, maja juz dostawce, wybral* inn*, wybral* konkurencj*",
        "sv": "nojd med, nojda med, har redan en leverantor, valde en annan",
        "ru": "доволен текущ*, довольны текущ*, уже есть поставщик, выбрал* друг*, выбрал* конкурент*, продлил* договор",
        "tr": "memnun*, mevcut tedarikcisi*, baska tedarikci*, baska firma*, rakibi secti, sozlesme yenile*",
        "zh": "已有供应商, 已经有供应商, 满意现有, 对现有供应商满意, 选择了竞争对手, 选择了其他, 已续约",
        "ja": "他社に決定, 他社を選択, 既存ベンダー, 現状に満足, 他社製品を利用, 競合に決定, 既存業者",
        "ko": "기존 업체, 타사 선택, 타사 사용, 경쟁사 선택, 에 만족",
        "th": "มีผู้ให้บริการแล้ว, ใช้เจ้าอื่น, เลือกเจ้าอื่น, พอใจกับเจ้าเดิม, เลือกคู่แข่ง",
    },
    "competitor": {
        "en": "competitor, competitors, competitor's, competing vendor, works for the competition",
        "de": (
            "wettbewerber, wettbewerbern, wettbewerbers, mitbewerber*, konkurrent, konkurrenten, konkurrentin, konkurrenz, konkurrenzunternehmen, "
            "=wettbewerb, vom wettbewerb, beim wettbewerb"
        ),
        "fr": (
            "=concurrent, =concurrente, concurrents, =concurrence, la concurrence, un concurrent, le concurrent, notre concurrent, chez concurrent, "
            "est concurrent, =concurrent direct, concurrent de, concurrent du"
        ),
        "es": "competidor, competidora, competidores, =competencia, de la competencia, es competencia",
        "pt": "concorrente, concorrentes, =concorrencia, da concorrencia",
        "it": "concorrente, concorrenti, =concorrenza, della concorrenza",
        "nl": "concurrent van, concurrenten, een concurrent, concurrentie",
        "pl": "konkurent*, konkurencj*",
        "sv": "konkurrent, konkurrenter",
        "ru": "конкурент, конкурента, конкуренты, конкурентом, конкурентов",
        "tr": "rakip, rakibi, rakibimiz, rakipler, rakip firma*, rakip sirket*",
        "zh": "竞争对手, 竞品公司, 同行打探",
        "ja": "競合他社, 競合企業, =競合, 競合会社, ライバル会社, 同業他社",
        "ko": "경쟁사, 경쟁 업체",
        "th": "คู่แข่ง",
    },
    "bad_data": {
        "en": (
            "wrong number, wrong phone, invalid, bad data, bad email, bad number, bounced, bounces, fake, faked, fakes, test lead, test leads, test "
            "entry, test record, spam, spammer, junk, bogus, incorrect contact, incorrect data, incorrect email, wrong email, wrong contact "
            "details, missing contact, no contact details, not a real person, not a real lead, disconnected number, number disconnected, number not "
            "in service"
        ),
        "de": (
            "falsche nummer, falsche telefonnummer, falsche e mail*, falsche daten, falsche kontaktdaten, ungultig*, testlead*, test lead*, "
            "fehlerhafte daten, fantasiedaten, kontaktdaten fehlen, nummer falsch"
        ),
        "fr": (
            "numero invalide, adresse invalide, email invalide, mail invalide, donnees invalides, =invalide, faux numero, fausse adresse, mauvais "
            "numero, coordonnees fausses, numero non attribue"
        ),
        "es": (
            "datos incorrectos, numero equivocado, numero incorrecto, correo invalido, numero invalido, datos falsos, datos erroneos, correo rebotado"
        ),
        "pt": "dados incorretos, numero errado, numero invalido, email invalido, dados falsos, contato invalido",
        "it": "numero sbagliato, numero errato, dati errati, dati falsi, email non valida, numero inesistente",
        "nl": "verkeerd nummer, fout nummer, ongeldig*, foute gegevens, verkeerde gegevens, nepgegevens, neplead",
        "pl": "zly numer, bledny numer, bledne dane, falszywe dane, nieprawidlow*, nieistniejacy numer",
        "sv": "fel nummer, ogiltig*, felaktiga uppgifter, falska uppgifter",
        "ru": "неверный номер, неправильный номер, неверные данные, недействительн*, фейк*, спам, тестов* лид*",
        "tr": "gecersiz*, yanlis numara*, hatali numara, sahte, yanlis bilgi*, test kaydi*",
        "zh": "=无效, 无效线索, 无效号码, 号码无效, 邮箱无效, 无效邮箱, 无效信息, 空号, 假信息, 号码错误, 信息错误, 垃圾信息, 测试数据",
        "ja": "番号違い, 間違い電話番号, 無効なメール, 無効な番号, =無効, 虚偽, いたずら, テストデータ, スパム, 連絡先不明",
        "ko": "잘못된, 잘못됨, 없는 번호, 결번, 허위, 스팸, 테스트 리드, 무효",
        "th": "ข้อมูลผิด, เบอร์ผิด, เบอร์โทรผิด, ข้อมูลไม่ถูกต้อง, อีเมลผิด, ข้อมูลปลอม, สแปม, ติดต่อผิดคน",
    },
    "cannot_pay": {
        "en": (
            "no budget, no more budget, no budgets, without budget, lack of budget, lacks budget, budget frozen, budget freeze, budget constraints, "
            "budget too small, budget too low, budget exceeded, not budgeted, unbudgeted, out of budget, over budget, cannot pay, can't pay, cant "
            "pay, too expensive, expensive, too pricey, too costly, cost too high, costs too high, price too high, pricing too high, price point, "
            "prices too high, cannot afford, can't afford, cant afford, unaffordable, not affordable, afford, no money, no funds, no funding, lack "
            "of funding, lost funding, funding cut, funding fell through, awaiting funding, without funding, =funding"
        ),
        "de": (
            "zu teuer, kein budget, keine mittel, ohne budget, fehlendes budget, budget fehlt, budget reicht nicht, budget zu klein, budgetmangel, "
            "budgetgrund*, budgetsperre, budgetstopp, kein geld, preis zu hoch, preise zu hoch, kosten zu hoch, nicht leisten, zahlungsunfahig"
        ),
        "fr": (
            "trop cher, trop chere, trop chers, trop couteux, pas de budget, pas le budget, manque de budget, sans budget, aucun budget, hors "
            "budget, budget insuffisant, budget gele, prix trop eleve, pas les moyens, question de prix, question de budget"
        ),
        "es": (
            "sin presupuesto, no tiene presupuesto, no hay presupuesto, falta de presupuesto, presupuesto insuficiente, demasiado caro, muy caro, "
            "es caro, =caro, precio alto, precio muy alto, precio demasiado alto, no puede pagar, no pueden pagar"
        ),
        "pt": (
            "sem orcamento, sem verba, nao tem orcamento, falta de orcamento, muito caro, caro demais, preco alto, preco muito alto, nao pode pagar"
        ),
        "it": (
            "troppo caro, troppo costoso, nessun budget, senza budget, manca il budget, mancanza di budget, budget insufficiente, prezzo troppo "
            "alto, prezzo alto, non puo permetterselo"
        ),
        "nl": "te duur, geen budget, geen geld, budget te klein, onvoldoende budget, prijs te hoog, kan niet betalen",
        "pl": "brak budzetu, nie ma budzetu, bez budzetu, za drog*, zbyt drog*, cena za wysoka, zbyt wysoka cena, brak srodkow, nie stac",
        "sv": "ingen budget, saknar budget, for dyr*, for hogt pris, inte rad",
        "ru": "нет бюджета, нет денег, без бюджета, дорого, слишком дорог*, не могут позволить, не может оплатить",
        "tr": (
            "butce yok, butcesi yok, butceleri yok, butcemiz yok, butce yetersiz, butce yetmiyor, butce onaylanmadi, cok pahali, pahali*, fiyat "
            "yuksek, fiyati yuksek, parasi yok"
        ),
        "zh": "没有预算, 无预算, 没预算, 预算不足, 预算不够, 太贵, 价格太高, 价格高, 超出预算, 付不起",
        "ja": "予算なし, 予算がない, 予算が無い, 予算不足, 予算オーバー, 高すぎ, 高額すぎ, 価格が高, 費用が高",
        "ko": "예산 없음, 예산이 없, 예산은 없, 예산도 없, 예산 부족, 예산이 부족, 예산 초과, 너무 비싸, 비쌈, 가격이 높, 가격 부담",
        "th": "ไม่มีงบ, งบไม่พอ, งบหมด, งบจำกัด, งบไม่ถึง, งบประมาณไม่พอ, แพงเกินไป, แพงไป, ราคาสูง, ราคาแพง",
    },
    "wrong_target": {
        "en": (
            "not icp, not our icp, icp, wrong industry, wrong target, wrong persona, wrong person, wrong contact person, wrong company, too small, "
            "too big, too large, not a fit, no fit, bad fit, poor fit, not a good fit, not fit, not the right fit, wrong fit, student, students, "
            "student project, job seeker*, jobseeker*, job applicant, out of territory, wrong region, wrong country, wrong market, not qualified, "
            "unqualified, not a decision maker, not the decision maker, private person, no authority, holds no authority"
        ),
        "de": (
            "falsche zielgruppe, nicht zielgruppe, nicht in der zielgruppe, nicht unsere zielgruppe, keine zielgruppe, ausserhalb der zielgruppe, "
            "=zielgruppe, zu klein, zu gross, falsche branche, falsche region, falscher ansprechpartner, student, studentin, studierende*, "
            "privatperson, bewerber, bewerberin, kein entscheider"
        ),
        "fr": (
            "hors cible, mauvaise cible, pas la cible, pas notre cible, mauvais interlocuteur, trop petit, trop petite, trop grand, trop grande, "
            "etudiant, etudiante, etudiants, un particulier, =particulier, mauvais secteur, hors zone, pas decideur"
        ),
        "es": (
            "no encaja, fuera de perfil, perfil incorrecto, estudiante, estudiantes, demasiado pequeno, demasiado pequena, muy pequena, sector "
            "incorrecto, fuera de zona, persona equivocada, busca empleo, no es decisor"
        ),
        "pt": (
            "fora do perfil, perfil errado, nao se encaixa, estudante, estudantes, muito pequena, pequena demais, setor errado, fora da regiao, "
            "pessoa errada"
        ),
        "it": (
            "fuori target, non in target, target sbagliato, studente, studentessa, studenti, troppo piccola, troppo piccolo, settore sbagliato, "
            "persona sbagliata, fuori zona"
        ),
        "nl": (
            "verkeerde doelgroep, buiten doelgroep, geen doelgroep, past niet, te klein, te groot, verkeerde branche, verkeerde persoon, studenten, "
            "=particulier, sollicitant"
        ),
        "pl": (
            "nie ta grupa docelowa, poza grupa docelowa, zla branza, student, studentka, za mal*, zbyt mal*, zly region, niewlasciwa osoba, osoba "
            "prywatna"
        ),
        "sv": "fel malgrupp, fel bransch, fel person, for liten, for litet, for stor, privatperson",
        "ru": "не целев*, нецелев*, не наша целевая*, студент*, не та отрасль, не тот человек, слишком маленьк*, частное лицо, ищет работу",
        "tr": "hedef kitle*, hedef disi, hedefimiz degil, hedef degil, yanlis sektor, yanlis kisi, ogrenci*, cok kucuk, yanlis bolge, is ariyor",
        "zh": "不符合, 非目标, 不是目标, 学生, 规模太小, 行业不符, 求职, 个人用户",
        "ja": "対象外, ターゲット外, 学生, 規模が小さ, 業種違い, 担当者違い, 求職者",
        "ko": "대상 아님, 대상이 아님, 타겟 아님, 학생, 규모가 작, 업종 불일치, 담당자 아님, 구직자",
        "th": "ไม่ใช่กลุ่มเป้าหมาย, ไม่ตรงกลุ่ม, นักศึกษา, นักเรียน, บริษัทเล็กเกินไป, ผิดคน, คนหางาน",
    },
    "bad_timing": {
        "en": (
            "bad timing, wrong timing, =timing, timing issue*, timing not right, timing is off, timing off, not the right time, not a good time, "
            "not now, not right now, next year, next quarter, next fiscal*, next month, much later, call later, call back later, at a later*, maybe "
            "later, try later, try again later, revisit later, later this year, later on, until later, =later, postpone*, on hold, put on ice, "
            "project delayed, decision delayed, delayed until, delayed to, =delayed, not ready, not ready yet, too early, too soon, =not yet, no "
            "time, no time now, on vacation"
        ),
        "de": (
            "nachstes jahr, im nachsten jahr, nachsten jahres, kommendes jahr, nachstes quartal, spater, zu fruh, verschoben, zuruckgestellt, "
            "aufgeschoben, falscher zeitpunkt, schlechter zeitpunkt, nicht jetzt, noch nicht bereit, noch nicht so weit, projekt liegt auf eis, "
            "vertagt"
        ),
        "fr": (
            "plus tard, annee prochaine, l'annee prochaine, pas maintenant, trop tot, reporte, reportee, projet reporte, mauvais moment, pas le bon "
            "moment, prochain trimestre, differe"
        ),
        "es": (
            "mas adelante, mas tarde, proximo ano, ano que viene, el ano proximo, no ahora, demasiado pronto, aplazado, aplazada, pospuesto, "
            "pospuesta, mal momento, no es el momento, proximo trimestre, en pausa"
        ),
        "pt": "mais tarde, proximo ano, ano que vem, agora nao, muito cedo, adiado, adiada, mau momento, nao e o momento, proximo trimestre",
        "it": (
            "piu avanti, piu tardi, prossimo anno, anno prossimo, non adesso, non ora, troppo presto, rimandato, rimandata, rinviato, rinviata, "
            "momento sbagliato, prossimo trimestre"
        ),
        "nl": "volgend jaar, volgend kwartaal, later dit jaar, niet nu, te vroeg, uitgesteld, on hold gezet, verkeerd moment, komt later",
        "pl": (
            "pozniej, nie teraz, w przyszlym roku, przyszly rok, za wczesnie, odlozon*, przelozono, przelozone na, zostal przelozony, wstrzyman*, "
            "zly moment, w przyszlym kwartale"
        ),
        "sv": "nasta ar, nasta kvartal, senare, inte nu, for tidigt, uppskjut*, framflyttat, fel tidpunkt",
        "ru": "позже, не сейчас, в следующем году, на следующий год, слишком рано, отложен*, отложил*, перенес*, не время",
        "tr": (
            "=sonra, daha sonra, sonra arayin, sonra tekrar, sonraya, seneye, gelecek yil*, onumuzdeki yil*, gelecek ceyrek, simdi degil, su an "
            "degil, ertelendi, ertelenmis, erteledi*, cok erken, zamani degil, zamanlama*"
        ),
        "zh": "以后再, =以后, 明年, 下季度, 暂缓, 推迟, 延期, 时机不对, 时机不成熟, 暂不考虑, 暂时不, 现在不, 还不成熟",
        "ja": "来年, 来期, 時期尚早, 時期が悪, 後日, 延期, 保留, 今ではな, タイミングが合わ, 見送り",
        "ko": "내년, 다음 분기, 나중에, 시기상조, 보류, 연기됨, 연기되, 연기 요청, 일정 연기, 프로젝트 연기, =연기, 지금은 아님, 타이밍",
        "th": "ปีหน้า, ไตรมาสหน้า, ไว้ก่อน, ยังไม่พร้อม, ยังไม่ใช่เวลา, เลื่อนออกไป, เลื่อนโครงการ, ชะลอ, ภายหลัง",
    },
    "unreachable": {
        "en": (
            "no response, no responses, no answer, no answers, not answering, does not answer, doesn't answer, didn't answer, did not answer, "
            "unreachable, never picks, never picked up, never answered, not reachable, not reached, unresponsive, not responding, no reply, no "
            "replies, never replied, did not reply, didn't reply, ghosted, ghosting, gone dark, went dark, went silent, voicemail, voicemails, "
            "could not reach, couldn't reach, cannot reach, can't reach, unable to reach, unable to contact, could not contact, no contact made"
        ),
        "de": (
            "nicht erreich*, unerreichbar*, keine antwort, keine reaktion, keine ruckmeldung, meldet sich nicht, antwortet nicht, geht nicht ran, "
            "nimmt nicht ab, nur mailbox, =mailbox, anrufbeantworter, nie erreicht"
        ),
        "fr": (
            "injoignable*, pas de reponse, aucune reponse, sans reponse, ne repond pas, ne repond plus, pas joignable, repondeur, messagerie "
            "vocale, jamais joint"
        ),
        "es": (
            "no contesta, no contestan, no contesto, no responde, no responden, sin respuesta, no localizable, ilocalizable, imposible contactar, "
            "buzon de voz"
        ),
        "pt": "nao atende, nao responde, sem resposta, sem retorno, nao localizado, inacessivel, caixa postal",
        "it": (
            "non risponde, non rispondono, nessuna risposta, senza risposta, irraggiungibile, non raggiungibile, segreteria telefonica, irreperibile"
        ),
        "nl": "niet bereikbaar, onbereikbaar, geen reactie, geen antwoord, geen gehoor, neemt niet op, reageert niet, niet bereikt",
        "pl": "brak odpowiedzi, brak kontaktu, nie odbiera, nie odpowiada, nieosiagaln*, poczta glosowa, nie mozna sie skontaktowac",
        "sv": "inget svar, svarar inte, gar inte att na, ej kontaktbar, inte kontaktbar",
        "ru": "нет ответа, не отвечает, не отвечают, не берет трубку, недоступен*, недозвон*, не дозвон*, не выходит на связь, без ответа",
        "tr": (
            "ulasilama*, ulasilami*, ulasilmadi, ulasilmiyor, ulasamadik*, ulasamiyoruz, cevap yok, cevap vermedi, cevap vermiyor, yanit yok, yanit "
            "vermedi, yanit vermiyor, telefonu acmiyor, telefonu acmadi"
        ),
        "zh": "联系不上, 无法联系, 不接电话, 无人接听, 没有回复, 无回复, 未回复, 失联, 打不通",
        "ja": "連絡がつかな, 連絡取れず, 連絡が取れな, 応答なし, 返信なし, 返事なし, 不在, 電話に出な, 音信不通",
        "ko": "연락 안 됨, 연락이 안, 연락 안됨, 연락 두절, 연락 불가, 연락이 되지, 응답 없음, 무응답, 회신 없음, 부재중, 전화를 받지",
        "th": "ติดต่อไม่ได้, ไม่รับสาย, โทรไม่ติด, ไม่ตอบกลับ, ไม่ตอบอีเมล, ไม่ตอบข้อความ, =ไม่ตอบ, ติดต่อไม่ติด",
    },
    "no_need": {
        "en": (
            "no need, no needs, no real need, no current need, not needed, no use case, no use for, no interest, not interested, no longer "
            "interested, uninterested, lost interest, just researching, only researching, researching, just looking, just browsing, no project, no "
            "requirement, don't need, do not need, doesn't need, does not need, no pain, just curious, only curious, curious, curiosity, wanted the "
            "whitepaper only"
        ),
        "de": (
            "kein bedarf, keinen bedarf, kein aktueller bedarf, bedarf entfallen, nicht benotigt, kein interesse, keinerlei interesse, "
            "desinteress*, kein projekt, nur neugier*, nur informiert, nur recherche"
        ),
        "fr": (
            "pas de besoin, aucun besoin, pas besoin, sans besoin, pas interesse, pas interessee, pas interesses, plus interesse, pas d'interet, "
            "aucun interet, pas de projet, simple curiosite, curieux"
        ),
        "es": (
            "sin necesidad, no necesita, no necesitan, no lo necesita, sin interes, no le interesa, no interesado, no interesada, no hay necesidad, "
            "no hay proyecto, solo curiosidad, solo informacion"
        ),
        "pt": "sem necessidade, nao precisa, nao precisam, sem interesse, nao tem interesse, nao interessado, nao interessada, so curiosidade",
        "it": (
            "nessuna necessita, nessun bisogno, non serve, non ha bisogno, nessun interesse, non interessato, non interessata, non interessati, "
            "solo curiosita"
        ),
        "nl": "geen behoefte, niet nodig, geen interesse, niet geinteresseerd, geen belangstelling, geen project, alleen orienterend",
        "pl": "brak potrzeby, nie potrzebuje*, brak zainteresowania, nie jest zainteresowan*, niezainteresowan*, nie sa zainteresowani",
        "sv": "inget behov, inte intresserad*, inget intresse, ointresserad*, behover inte",
        "ru": "не нужно, не нужен, нет потребности, не интересно, не интересует, не заинтересован*, нет интереса, нет необходимости, неинтересно",
        "tr": (
            "ihtiyac yok, ihtiyaci yok, ihtiyaclari yok, ihtiyac duymuyor*, ihtiyac kalmadi, ilgilenmiyor*, ilgilenmedi*, ilgisiz*, gerek yok, "
            "gerek duymu*, sadece merak*"
        ),
        "zh": "没有需求, 无需求, 没需求, 不需要, 没兴趣, 不感兴趣, 无意向, 没有意向, 仅了解",
        "ja": "必要ない, 必要なし, 不要, ニーズなし, ニーズがな, 興味なし, 興味がな, 情報収集のみ, 情報収集だけ",
        "ko": "필요 없, 필요없, 필요하지 않, 니즈 없음, 관심 없, 관심이 없, 단순 문의, 단순 조사",
        "th": "ไม่สนใจ, ไม่ต้องการ, ไม่มีความต้องการ, ไม่จำเป็น, แค่สอบถาม, หาข้อมูลเฉยๆ",
    },
}

# Single nouns that tell a class only where nothing clearer stands in the text.
HINTS: dict[str, str] = {
    "cannot_pay": (
        "budget, budgets, price, prices, pricing, cost, costs, preis, preise, preisfrage, prix, presupuesto, precio, precios, orcamento, preco, "
        "prezzo, prezzi, prijs, budzet*, бюджет*, butce, butcesi, fiyat, fiyati, 预算, 价格, 予算, 価格, 예산, 가격, งบประมาณ"
    ),
    "happy_elsewhere": "current vendor, current supplier, current provider, existing vendor, existing supplier, existing provider, incumbent",
    "bad_timing": (
        "timing, later, en attente, aktuell nicht, derzeit nicht, noch nicht, momentan nicht, ahora no, aun no, todavia no, ainda nao, nu niet, nog "
        "niet"
    ),
    "no_need": "ihtiyac, ihtiyaci",
}
