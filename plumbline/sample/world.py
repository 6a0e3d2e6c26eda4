"""The made-up world: countries, teams, industries, people, and the words they use. No randomness here."""

from __future__ import annotations

from typing import NamedTuple

CAMPAIGNS = {
    "organic_search": ("content_hub", "seo_blog", "comparison_pages", ""),
    "paid_search": ("search_brand", "search_generic", "search_competitor", "search_retargeting"),
    "paid_social": ("social_lead_forms", "social_video", "social_lookalike", "social_carousel"),
    "webinar": ("webinar_pipeline", "webinar_forecasting", "webinar_customer_story", "webinar_roundtable"),
    "partner": ("partner_agency", "partner_integrator", "partner_marketplace", "partner_referral"),
    "outbound": ("outbound_midmarket", "outbound_enterprise", "outbound_events", "outbound_winback"),
}
COST_PER_LEAD = {"organic_search": 35, "paid_search": 140, "paid_social": 75, "webinar": 95, "partner": 60, "outbound": 120}


class Country(NamedTuple):
    code: str
    region: str
    team: int
    weight: float
    hours_from_utc: int
    dial: str
    words: str


TEAMS = ("Americas", "UK and Ireland", "Continental Europe", "Asia Pacific")
ZONES = ("America/New_York", "Europe/London", "Europe/Berlin", "Asia/Bangkok")
REGIONS = ("North America", "Latin America", "UK & Ireland", "Europe", "Middle East", "Asia Pacific")
COUNTRIES = (
    Country("US", "North America", 0, 0.270, -6, "+1", "en"),
    Country("CA", "North America", 0, 0.050, -5, "+1", "en"),
    Country("BR", "Latin America", 0, 0.035, -3, "+55", "es"),
    Country("MX", "Latin America", 0, 0.035, -6, "+52", "es"),
    Country("GB", "UK & Ireland", 1, 0.110, 0, "+44", "en"),
    Country("IE", "UK & Ireland", 1, 0.020, 0, "+353", "en"),
    Country("DE", "Europe", 2, 0.100, 1, "+49", "de"),
    Country("AT", "Europe", 2, 0.015, 1, "+43", "de"),
    Country("FR", "Europe", 2, 0.040, 1, "+33", "fr"),
    Country("NL", "Europe", 2, 0.030, 1, "+31", "en"),
    Country("NO", "Europe", 2, 0.020, 1, "+47", "en"),
    Country("TR", "Europe", 2, 0.035, 3, "+90", "tr"),
    Country("AE", "Middle East", 2, 0.025, 4, "+971", "ar"),
    Country("SA", "Middle East", 2, 0.015, 3, "+966", "ar"),
    Country("TH", "Asia Pacific", 3, 0.070, 7, "+66", "th"),
    Country("KR", "Asia Pacific", 3, 0.040, 9, "+82", "ko"),
    Country("CN", "Asia Pacific", 3, 0.040, 8, "+86", "zh"),
    Country("SG", "Asia Pacific", 3, 0.025, 8, "+65", "en"),
    Country("AU", "Asia Pacific", 3, 0.025, 10, "+61", "en"),
)
HOLIDAYS = (
    ("2024-11-28", "2024-12-25", "2025-01-01", "2025-05-26", "2025-07-04", "2025-09-01", "2025-11-27", "2025-12-25", "2026-01-01",
     "2026-05-25", "2026-07-03", "2026-09-07", "2026-11-26", "2026-12-25"),
    ("2024-12-25", "2024-12-26", "2025-01-01", "2025-04-18", "2025-04-21", "2025-05-05", "2025-08-25", "2025-12-25", "2025-12-26",
     "2026-01-01", "2026-04-03", "2026-04-06", "2026-05-04", "2026-08-31", "2026-12-25"),
    ("2024-12-25", "2024-12-26", "2025-01-01", "2025-04-18", "2025-04-21", "2025-05-01", "2025-10-03", "2025-12-25", "2025-12-26",
     "2026-01-01", "2026-04-03", "2026-04-06", "2026-05-01", "2026-12-25"),
    ("2024-12-05", "2024-12-31", "2025-01-01", "2025-04-14", "2025-04-15", "2025-05-01", "2025-10-13", "2025-12-05", "2025-12-31",
     "2026-01-01", "2026-04-13", "2026-04-14", "2026-04-15", "2026-05-01", "2026-10-13", "2026-12-31"),
)  # fmt: skip

# Company names: a first and a second part by language. Some begin like a formula or hold quotes and commas, as real ones do.
COMPANY_WORDS = {
    "en": (("Northfield", "Blue Ridge", "Harbour", "Smith, Jones", "Oakline", "Redwood", "Silver Fern", "+Plus", "@Work", "Quick \"Q\"", "Kestrel",
            "Granite", "Summit", "Lakeshore", "Fjord", "Copperfield", "Evergreen", "Atlas", "Juniper", "Tidewater"),
           ("Systems Inc", "Partners LLP", "Logistics Ltd", "Labs", "Group", "Health", "Foods", "Analytics", "Works", "& Co", "Learning", "Energy")),
    "de": (("Groß", "Weiß", "Straßenbau", "Müller", "Schäfer", "Größe", "Fußmann", "Preußer", "Hölzl", "Jäger"),
           ("& Söhne GmbH", "Maschinenbau AG", "Software GmbH", "Logistik KG", "Bildung gGmbH", "Technik GmbH", "Handels GmbH")),
    "fr": (("Lumière", "Côte d'Azur", "Beauséjour", "Forêt", "Élan", "Cœur"), ("SARL", "Conseil SA", "Logiciels SAS", "Santé SA")),
    "es": (("São Bento", "Niño", "Montaña", "Coração", "El Águila", "Peñasco"), ("S.A.", "Ltda", "Servicios", "Educação")),
    "tr": (("Işık", "İstanbul", "Çığır", "Şimşek", "Ilgaz", "İnci", "Kıvılcım", "Güneş"), ("Yazılım A.Ş.", "İnşaat Ltd. Şti.", "Tekstil",
            "Eğitim", "Lojistik")),
    "ar": (("شركة النور", "مجموعة الخليج", "مؤسسة الرياض", "دار الحكمة", "الأفق"), ("للتقنية", "للتجارة", "التعليمية", "القابضة")),
    "th": (("บริษัท สยามเทค", "บริษัท ไทยรุ่งเรือง", "บริษัท บางกอกซอฟต์", "บริษัท น้ำใส", "บริษัท เชียงใหม่โลจิสติกส์"), ("จำกัด", "จำกัด (มหาชน)", "กรุ๊ป จำกัด")),
    "ko": (("한빛", "서울", "푸른", "미래", "대한", "가온"), ("소프트 주식회사", "전자", "교육", "물류 주식회사", "테크")),
    "zh": (("上海云帆", "北京星河", "深圳海川", "广州南方", "杭州湖光"), ("科技有限公司", "教育集团", "物流有限公司", "制造有限公司")),
}  # fmt: skip

INDUSTRIES = ("software", "manufacturing", "financial services", "healthcare", "education", "retail", "logistics", "public sector")
INDUSTRY_WEIGHTS = (0.20, 0.19, 0.13, 0.10, 0.14, 0.12, 0.08, 0.04)
ROLES = ("marketing", "sales", "it", "operations", "finance", "hr")
ROLE_WEIGHTS = (0.26, 0.20, 0.22, 0.16, 0.10, 0.06)
SENIORITIES = ("individual", "manager", "director", "vp", "c_level")
SENIORITY_CUTS = (-0.35, 0.55, 1.25, 1.80)
TITLE_HEAD = ("Specialist", "Manager", "Director", "VP", "Chief Officer")
TITLE_ROLE = ("Marketing", "Sales", "IT", "Operations", "Finance", "HR")
TITLES = {
    "de": ("Fachkraft", "Leiter", "Direktor", "Bereichsleiter", "Geschäftsführer"),
    "fr": ("Chargé", "Responsable", "Directeur", "Directeur général adjoint", "Président"),
    "tr": ("Uzman", "Yönetici", "Direktör", "Genel Müdür Yardımcısı", "İcra Kurulu Başkanı"),
    "ar": ("أخصائي", "مدير", "مدير أول", "نائب الرئيس", "الرئيس التنفيذي"),
    "th": ("เจ้าหน้าที่", "ผู้จัดการ", "ผู้อำนวยการ", "รองประธาน", "ประธานเจ้าหน้าที่บริหาร"),
    "ko": ("사원", "과장", "부장", "상무", "대표이사"),
    "zh": ("专员", "经理", "总监", "副总裁", "首席执行官"),
}
AUTHORITIES = ("decision_maker", "influencer", "user")
TIMELINES = ("0-3 months", "3-6 months", "6-12 months", "later")
FIRST_NAMES = ("anna", "ben", "chai", "dilek", "emre", "fatima", "gita", "hans", "ines", "jun", "kofi", "lena", "mei", "nok", "omar", "paula",
               "quinn", "ravi", "somchai", "tariq", "ulla", "vera", "wei", "yuna", "zoe")  # fmt: skip
LAST_NAMES = ("adler", "brown", "chen", "demir", "evans", "fischer", "garcia", "haddad", "ito", "jones", "kim", "lopez", "meyer", "nguyen", "okafor",
              "park", "rossi", "silva", "turner", "weber", "yilmaz", "zhang")  # fmt: skip
REP_NAMES = (
    (
        "Avery Brooks",
        "Jordan Lee",
        "María Peña",
        "Sam Carter",
        "Noa Levine",
        "Luiz Araújo",
        "Taylor Kim",
        "Rosa Domínguez",
        "Marcus Hill",
        "Dana Okafor",
    ),
    ("Imogen Clarke", "Callum Reid", "Aoife Byrne", "Priya Shah", "Owen Hughes", "Grace Adeyemi"),
    ("Jürgen Groß", "Zeynep Işık", "Hélène Dubois", "İlker Çınar", "Lars Nilsen", "Jana Weiß", "Mehmet Şahin", "Karin Fußmann"),
    ("สมชาย ใจดี", "김민준", "王芳", "Nok Srisai", "Daniel Tan", "ปรียา แสงทอง"),
)

ACTIVITIES = ("email_open", "email_click", "web_visit", "pricing_page", "webinar", "download", "demo_request", "contact_request", "trial_start",
              "unsubscribe", "careers_page", "event_visit")  # fmt: skip
ASSETS = {
    "email_click": ("newsletter", "product news", "invitation"),
    "pricing_page": ("", "plans"),
    "webinar": ("Pipeline 101", "Forecasting", "Kundengeschichte: Groß & Söhne", "สัมมนาออนไลน์"),
    "download": ("white paper", "buyer's guide", "ROI sheet", "白皮书"),
    "event_visit": ("spring fair", "Dmexco", "partner day"),
}

# Reasons as typed by reps: class, texts. The class is the truth; the importer and the reader have only the text.
REASONS = {
    "wrong_target": ("Not our ICP", "Wrong industry", "too small", "student project", "Falsche Zielgruppe"),
    "cannot_pay": ("no budget", "Too expensive", "Budget frozen, cannot pay", "kein Budget"),
    "happy_elsewhere": ("Happy with current vendor", "just renewed with someone else", "uses another tool, content"),
    "no_need": ("no need", "Just researching", "No use case", "İhtiyaç yok"),
    "bad_timing": ("Bad timing - next year", "not now", "project postponed", "ไว้ปีหน้า"),
    "bad_data": ("wrong number", "Invalid email", "fake details", "test lead"),
    "duplicate": ("Duplicate", "already in CRM", "dup of other lead"),
    "competitor": ("Competitor", "works for a competitor"),
    "unreachable": ("No response", "unreachable after several attempts", "never picks up", "연락 안 됨"),
    "outside": ("left the company", "gatekeeper", "Budget cut by head office"),
    "other": ("other", "see notes", "n/a - misc"),
}
REASON_CLASSES = tuple(REASONS)
