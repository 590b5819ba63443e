import { registry } from "@web/core/registry";

/** The state that the form shows. */
function state(label) {
    return {
        content: `it is ${label}`,
        trigger: `.o_statusbar_status button.o_arrow_button_current:contains(${label})`,
    };
}

/** Press a button of the form, and agree to what it asks. */
function press(name, isAsked = true) {
    const steps = [{ content: name, trigger: `button[name=${name}]:enabled:visible`, run: "click" }];
    if (isAsked) {
        steps.push({ content: "yes", trigger: ".modal .modal-footer .btn-primary", run: "click" });
    }
    return steps;
}

// The coordinator verifies an application, activates it, agrees on promotion and gives a warning that is withdrawn.
registry.category("web_tour.tours").add("ngo_incubator_member", {
    steps: () => [
        {
            content: "the application",
            trigger: ".o_data_row .o_data_cell:contains(Tour Foundation)",
            run: "click",
        },
        state("Applied"),
        { content: "nothing is granted", trigger: ".alert:contains(Nothing is granted yet)" },
        ...press("action_open_verification", false),
        {
            content: "a contact will be created",
            trigger: ".modal .alert:contains(Tour Foundation)",
        },
        {
            content: "where it was looked up",
            trigger: ".modal .o_field_widget[name=reference] input",
            run: "edit ekrs.example.com, 0000999777",
        },
        { content: "verify", trigger: ".modal button[name=action_verify]:visible", run: "click" },
        state("Verified"),
        ...press("action_activate"),
        state("Active"),
        { content: "what is in force", trigger: ".o_field_widget[name=benefit_ids] .o_data_row:contains(45)" },
        ...press("action_open_warning", false),
        {
            content: "why",
            trigger: ".modal .o_field_widget[name=reason] textarea",
            run: "edit The logo is missing",
        },
        { content: "warn", trigger: ".modal button[name=action_warn]", run: "click" },
        { content: "the day is told", trigger: ".alert-warning:contains(are at the full price)" },
        ...press("action_withdraw_warning"),
        { content: "no warning any more", trigger: "button[name=action_open_warning]:visible" },
    ],
});
