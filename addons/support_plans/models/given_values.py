"""What a caller of `create` gives, the defaults of its context included: guards look at both."""


def get_defaults(model, names):
    """Return {name: value} of the fields of these names for which the context brings a `default_...`.

    Core takes one for any field, so a guard that reads the values only is gone round.
    """
    context = model.env.context
    return {name: context[f"default_{name}"] for name in names if f"default_{name}" in context}


def get_given(model, vals):
    """Return the values that `create` would write: those given, and the defaults of the context that say something."""
    defaults = get_defaults(model, model._fields)
    return {**{name: value for name, value in defaults.items() if value}, **vals}
