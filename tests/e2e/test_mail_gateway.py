"""Real e-mail messages through Odoo's gateway, to the alias of the team of the demo story."""

import xmlrpc.client
from email.message import EmailMessage
from email.utils import make_msgid

import pytest

ALIAS = "pomoc@kabel.example.com"
FIELDS = [
    "partner_id",
    "partner_email",
    "team_id",
    "channel_id",
    "user_id",
    "support_plan_id",
    "guarantee_reason",
    "response_state",
    "response_date",
    "response_by_id",
    "response_deadline",
    "queue_rank",
]


@pytest.fixture
def deliver(rpc):
    """``deliver(sender, subject, reply_to=None, headers={})``: the mail server hands a message over."""

    def send(sender, subject, reply_to=None, headers=None, text="Please help."):
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = sender, ALIAS, subject
        message["Message-Id"] = make_msgid(domain="mail.example.com")
        if reply_to:
            message["In-Reply-To"] = message["References"] = reply_to
        for name, value in (headers or {}).items():
            message[name] = value
        message.set_content(text)
        thread = rpc().execute("mail.thread", "message_process", False, xmlrpc.client.Binary(message.as_bytes()))
        return thread, message["Message-Id"]

    return send


@pytest.fixture
def read(rpc):
    def ticket(ticket_id):
        [values] = rpc("consultant").execute("helpdesk.ticket", "read", [ticket_id], fields=FIELDS)
        return values

    return ticket


def test_mail_of_a_known_contact_is_guaranteed(deliver, read):
    ticket_id, _ = deliver("Paulina Paragraf <paulina@paragraf.example.com>", "The printer is jammed")
    ticket = read(ticket_id)
    assert ticket["partner_id"][1].endswith("Paulina Paragraf")
    assert ticket["team_id"][1] == "Support"
    assert ticket["channel_id"][1] == "Email"
    assert ticket["support_plan_id"][1] == "START"
    assert (ticket["guarantee_reason"], ticket["response_state"]) == ("guaranteed", "pending")
    assert ticket["response_deadline"] and ticket["queue_rank"]
    assert not ticket["user_id"], "nobody has taken it yet"


def test_mail_of_a_colleague_waits_for_a_contact(deliver, read):
    ticket_id, _ = deliver("piotr@paragraf.example.com", "My scanner")
    assert read(ticket_id)["guarantee_reason"] == "contact"


def test_mail_of_an_unknown_person_is_served_by_community(deliver, read):
    ticket_id, _ = deliver("Zygmunt Nieznajomy <zygmunt@nowhere.example.com>", "What does support cost?")
    ticket = read(ticket_id)
    assert ticket["guarantee_reason"] == "no_agreement"
    assert ticket["support_plan_id"][1] == "COMMUNITY"
    assert "zygmunt@nowhere.example.com" in ticket["partner_email"]
    assert ticket["queue_rank"], "it stands in the queue"


def test_reply_of_an_employee_by_mail_is_the_response(deliver, read):
    ticket_id, message_id = deliver("paulina@paragraf.example.com", "Slow network")
    answered, _ = deliver("Konrad Konsultant <konrad@kabel.example.com>", "Re: Slow network", reply_to=message_id)
    assert answered == ticket_id
    ticket = read(ticket_id)
    assert ticket["response_state"] == "met"
    assert ticket["response_by_id"][1].endswith("Konrad Konsultant")


@pytest.mark.parametrize(
    "headers",
    [{"Auto-Submitted": "auto-replied"}, {"Auto-Submitted": 'auto-generated; owner-email="k@kabel.example.com"'}],
    ids=["auto-replied", "auto-generated"],
)
def test_out_of_office_of_an_employee_is_no_response(deliver, read, headers):
    ticket_id, message_id = deliver("paulina@paragraf.example.com", "Slow mail")
    deliver("konrad@kabel.example.com", "Out of office: Slow mail", reply_to=message_id, headers=headers)
    ticket = read(ticket_id)
    assert (ticket["response_state"], ticket["response_date"]) == ("pending", False)


def test_own_reply_of_the_client_is_no_response(deliver, read):
    ticket_id, message_id = deliver("paulina@paragraf.example.com", "Slow screen")
    deliver("paulina@paragraf.example.com", "Re: Slow screen", reply_to=message_id)
    ticket = read(ticket_id)
    assert (ticket["response_state"], ticket["response_date"]) == ("pending", False)
