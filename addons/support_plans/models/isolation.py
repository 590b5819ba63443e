from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import split_every

#: Into how many parts records are split for which a step failed.
PARTS = 4


def do_isolated(records, step):
    """Do a step for all records together; when it fails, for fewer and fewer, down to the one that fails.

    :param step: takes some of the records and returns a list
    :return: the results, and {record: error}
    """
    results, errors, parts = [], {}, [records]
    while parts:
        part = parts.pop()
        try:
            with part.env.cr.savepoint():
                result = step(part)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:
            if len(part) == 1:
                errors[part] = error
            else:
                size = -(-len(part) // PARTS)
                parts += [part.browse(ids) for ids in reversed([*split_every(size, part.ids)])]
        else:
            results += result
    return results, errors


def do_each(records, step, failed):
    """Do a step of a cron for each record by itself, and commit it; one that fails stops no other.

    Ends when the time of the cron is over: the next run goes on.

    :param step: takes one record
    :param failed: takes the record and its error, and says so
    """
    cron = records.env["ir.cron"]
    for done, record in enumerate(records, 1):
        _results, errors = do_isolated(record, lambda one: [step(one)])
        for error in errors.values():
            failed(record, error)
        if not cron._commit_progress(1, remaining=len(records) - done):
            break
