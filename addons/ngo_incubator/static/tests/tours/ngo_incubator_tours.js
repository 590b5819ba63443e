import { registry } from "@web/core/registry";
import { press, state } from "@support_plans/../tests/tours/tour_steps";

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
