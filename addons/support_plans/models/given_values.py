"""What a caller of `create` gives, the defaults of its context included: guards look at both."""

_PREFIX = "default_"


def get_given(model, vals):
    """Return the values for fields of a model that `create` would write: those given, and `default_...` of the context.

    Core takes a default for any field from the context, so a guard that reads the values only is gone round.
    """
    context = {key.removeprefix(_PREFIX): value for key, value in model.env.context.items() if key.startswith(_PREFIX)}
    return {**{name: value for name, value in context.items() if name in model._fields and value}, **vals}
