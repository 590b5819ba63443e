"""What the tests of rights share: who looks, and how many records each of them reads. There are no tests here."""

from .common import COORDINATOR


class AccessCommon:
    """Mixed into a class with an organisation; ``MODELS`` are counted."""

    MODELS = ()

    @classmethod
    def create_onlookers(cls):
        """Create a user of the organisation, one of another client, a stranger and a coordinator of another company."""
        cls.own = cls.create_portal_user("access_own", cls.ngo_person)
        cls.other = cls.create_portal_user("access_other", cls.client_contact)
        cls.stranger = cls.create_support_user("access_stranger")
        company = cls.env["res.company"].create({"name": "Second firm"})
        cls.elsewhere = cls.create_support_user("access_elsewhere", COORDINATOR, company_id=company.id)

    def count(self, user):
        """Return how many records of each model a person reads; None where the model is closed."""
        counts = []
        for name in self.MODELS:
            model = self.env[name].with_user(user)
            counts.append(len(model.search([])) if model.has_access("read") else None)
        return counts
