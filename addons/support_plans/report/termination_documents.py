"""What the documents of a resignation are printed with: each in its client's language."""

from odoo import fields


def get_statement_values(records, agreement_of):
    """Return the values of a print of statements.

    :param records: resignations, or simulations
    :param agreement_of: function from a record to its agreement
    """
    docs = []
    for record in records:
        lang = agreement_of(record)._get_client_lang()
        docs.append({"record": record, "lang": lang, **record.with_context(lang=lang)._get_statement_values()})
    return _get_values(records, docs)


def get_document_values(terminations):
    """Return the values of a print of other documents of resignations, read with the rights of the system."""
    terminations.check_access("read")
    docs = []
    for termination in terminations.sudo():
        lang = termination.contract_id._get_client_lang()
        termination = termination.with_context(lang=lang)
        kinds = dict(termination.handover_ids._fields["kind"]._description_selection(termination.env))
        docs.append({"record": termination, "lang": lang, "termination": termination, "kinds": kinds})
    return _get_values(terminations, docs)


def _get_values(records, docs):
    return {
        "doc_ids": records.ids,
        "doc_model": records._name,
        "docs": docs,
        "today": fields.Date.context_today(records),
    }
