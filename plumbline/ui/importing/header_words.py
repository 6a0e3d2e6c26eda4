"""What real exports call things: names of columns, labels of stages, channels and outcomes, in the form in which they are compared. No screen."""

from __future__ import annotations

import re

OTHER_NAMES = {
    "lead_id": ("leadid", "recordid", "id", "contactid", "whoid", "lead", "mqlid", "prospectid", "leadrecordid", "personid"),
    "created_at": ("createddate", "createdate", "created", "createdon", "leaddate", "createdtime", "firstcontactdate", "datecreated"),
    "occurred_at": (
        "date",
        "time",
        "timestamp",
        "editdate",
        "changed",
        "changedat",
        "activitydate",
        "when",
        "eventdate",
        "modifieddate",
        "createddate",
    ),
    "stage": ("status", "leadstatus", "lifecyclestage", "newvalue", "stagename", "newstage", "leadstage"),
    "rep_id": (
        "owner",
        "ownerid",
        "agentid",
        "repid",
        "salesrep",
        "newowner",
        "contactowner",
        "leadowner",
        "dealowner",
        "accountexecutive",
        "srid",
        "assignedto",
    ),
    "channel": ("type", "activitytype", "tasktype", "kind", "tasksubtype", "engagementtype"),
    "activity": ("type", "activitytype", "event", "action"),
    "source": ("leadsource", "originalsource", "origin", "marketingchannel", "utmsource", "channel"),
    "email": ("emailaddress", "workemail", "businessemail"),
    "phone": ("phonenumber", "mobile", "mobilephone", "telephone"),
    "country": ("countryregion", "countrycode", "billingcountry"),
    "industry": ("sector", "vertical"),
    "direction": ("calldirection", "calltype"),
    "event_id": ("eventid", "activityid", "taskid", "callid", "engagementid", "marketoguid"),
    "currency": ("currencyisocode", "currencycode"),
    "campaign": ("campaignname", "utmcampaign", "landingpageid"),
    "employees": ("numberofemployees", "noofemployees", "companysize", "numemployees"),
    "annual_revenue": ("annualrevenue", "revenue"),
    "job_title": ("title", "jobtitle"),
    "company": ("companyname", "accountname", "account"),
    "account_id": ("accountid", "companyid", "convertedaccountid"),
    "deal_id": ("opportunityid", "dealid", "recordid", "id", "saleid"),
    "closed_at": ("closedate", "closeddate", "wondate", "saledate"),
    "is_won": ("iswon", "won"),
    "amount": ("value", "cost", "dealamount", "saleamount", "spend"),
    "value": ("newvalue",),
    "into_lead_id": ("masterrecordid", "mergedinto", "survivorid"),
    "name": ("fullname", "repname", "username"),
    "reason": (
        "lostreason",
        "rejectionreason",
        "closedlostreason",
        "closereason",
        "lossreason",
        "disqualificationreason",
        "reasonlost",
        "returnreason",
    ),
    "outcome": ("calloutcome", "calldisposition", "disposition"),
}
STAGE_LABELS = {
    "inquiry": ("new", "lead", "inquiry", "subscriber", "open", "raw"),
    "mql": ("mql", "marketing qualified lead", "marketing qualified", "marketingqualifiedlead", "qualified by marketing"),
    "sal": ("sal", "sales accepted lead", "sales accepted", "accepted", "working", "contacted", "working - contacted"),
    "sql": ("sql", "sales qualified lead", "sales qualified", "salesqualifiedlead", "qualified"),
    "opportunity": ("opportunity", "converted", "proposal", "negotiation"),
    "won": ("won", "closed won", "customer", "sold"),
    "rejected": ("rejected", "returned", "sent back", "declined"),
    "recycled": ("recycled", "nurture", "nurturing", "recycle"),
    "disqualified": ("disqualified", "unqualified", "junk", "not qualified", "closed - not converted", "bad data"),
    "lost": ("lost", "closed lost", "dead"),
}
STAGE_WORDS = {  # in the name of a column that holds the date of a stage
    "mql": ("mql", "marketingqualified", "qualification"),
    "sal": ("sal", "salesaccepted", "accepted"),
    "sql": ("sql", "salesqualified"),
    "opportunity": ("opportunity",),
    "won": ("won", "customer", "sale", "closedwon"),
    "rejected": ("rejected", "returned"),
    "recycled": ("recycled",),
    "disqualified": ("disqualified", "unqualified"),
    "lost": ("lost", "closedlost"),
}
AROUND = re.compile(
    r"^(dateentered|datebecame|becamean|becamea|became|entered|date)|(leadlifecyclestagepipeline|lifecyclestagepipeline|lead)?(date|at|on|time)?$"
)
WIDE = {
    "owner": ("owner", "leadowner", "contactowner", "dealowner", "ownerid", "owneremail", "hubspotownerid", "agent", "agentid", "rep",
        "repid", "salesrep",
              "salesowner", "assignedto", "accountexecutive"),
    "reason": ("reason", *OTHER_NAMES["reason"]),
    "amount": ("amount", "dealamount", "dealvalue", "value", "saleamount", "contractvalue", "opportunityamount", "acv", "arr"),
}  # fmt: skip
CHANNEL_WORDS = {
    "call": ("call", "phone", "phone call", "telephone", "outbound call", "cold call", "dial", "anruf", "appel"),
    "email": ("email", "e-mail", "mail", "sent email", "email sent", "one-to-one email"),
    "meeting": ("meeting", "demo", "appointment", "visit", "event", "termin"),
    "social": ("social", "linkedin", "linkedin message", "inmail", "xing"),
    "sms": ("sms", "text", "text message", "whatsapp"),
    "other": ("other", "note", "task", "letter"),
}
ACT_WORDS = ("open", "click", "webinar", "form", "download", "web visit", "visit webpage", "page view", "pageview", "pricing page", "unsubscribe",
              "demo request", "trial", "subscribe")  # fmt: skip
OUTCOME_WORDS = {
    "no_answer": ("no answer", "not reached", "unanswered", "busy", "no contact"),
    "voicemail": ("left voicemail", "left live message", "left message", "voicemail", "vm"),
    "connected": ("connected", "reached", "answered", "spoke", "contacted", "completed"),
    "replied": ("replied", "reply", "responded", "answered email"),
    "bounced": ("bounced", "bounce", "undeliverable", "wrong number"),
    "booked": ("booked", "scheduled", "meeting set", "meeting booked"),
    "held": ("held", "attended", "showed", "took place"),
    "no_show": ("no show", "noshow", "no-show", "did not show"),
    "rescheduled": ("rescheduled", "postponed"),
    "cancelled": ("cancelled", "canceled"),
}
