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
