import { registry } from "@web/core/registry";

/** Steps that choose a record in a many2one field by typing its name. */
function choose(field, name) {
    return [
        {
            content: `type ${name} into ${field}`,
            trigger: `.o_field_widget[name=${field}] input`,
            run: `edit ${name}`,
        },
        {
            content: `choose ${name}`,
            trigger: `.o-autocomplete--dropdown-item:not(.o_m2o_dropdown_option) a:contains(${name})`,
            run: "click",
        },
        {
            content: `${name} is chosen`,
            trigger: `.o_field_widget[name=${field}] input:value(${name})`,
        },
    ];
}

// The owner sells START and posts the first invoice.
registry.category("web_tour.tours").add("support_plans_sell_start", {
    steps: () => [
        {
            content: "a new agreement",
            trigger: ".o_list_button_add",
            run: "click",
        },
        ...choose("partner_id", "Tour Client"),
        ...choose("support_plan_id", "START"),
        {
            content: "the terms have come from the plan",
            trigger: ".o_field_widget[name=list_price_month] input:value(399.00)",
        },
        {content: "save the draft", trigger: ".o_form_button_save", run: "click"},
        {content: "start the agreement", trigger: "button[name=action_start_agreement]", run: "click"},
        {
            content: "it runs",
            trigger: ".o_statusbar_status button.o_arrow_button_current:contains(Running)",
        },
        {content: "the first invoice", trigger: "button[name=action_create_invoice]:enabled", run: "click"},
        {
            content: "open it",
            trigger: ".o_list_view .o_data_row .o_data_cell:contains(Tour Client)",
            run: "click",
        },
        {
            content: "399.00 net",
            trigger: ".o_form_view .o_field_widget[name=tax_totals]:contains(399.00)",
        },
        {content: "490.77 gross", trigger: ".o_field_widget[name=tax_totals]:contains(490.77)"},
        {content: "post it", trigger: "button[name=action_post]:enabled:visible", run: "click"},
        {
            content: "it is posted",
            trigger: ".o_statusbar_status button.o_arrow_button_current:contains(Posted)",
        },
    ],
});

// The consultant receives a ticket and answers it in time.
registry.category("web_tour.tours").add("support_plans_answer_in_time", {
    steps: () => [
        {content: "a new ticket", trigger: ".o_list_button_add", run: "click"},
        {
            content: "what it is about",
            trigger: ".o_field_widget[name=name] input",
            run: "edit The tour's printer does not print",
        },
        ...choose("team_id", "Tour Team"),
        ...choose("channel_id", "Email"),
        ...choose("partner_id", "Tour Client"),
        {
            content: "description",
            trigger: ".o_field_widget[name=description] .odoo-editor-editable",
            run: "editor Empty pages since the morning.",
        },
        {content: "save", trigger: ".o_form_button_save", run: "click"},
        {
            content: "the response is guaranteed by the plan",
            trigger: "div[name=support_promise] .o_field_widget[name=guarantee_reason]:contains(Guaranteed)",
        },
        {
            content: "it waits for the response",
            trigger: "div[name=support_promise] .o_field_widget[name=response_state]:contains(Waiting)",
        },
        {
            content: "it says how the deadline came about",
            trigger: "div[name=support_promise] .o_field_widget[name=response_explanation]:contains(8 h)",
        },
        {
            content: "back to the queue",
            trigger: ".o_breadcrumb .o_back_button, .o_breadcrumb a:contains(Queue)",
            run: "click",
        },
        {
            content: "the ticket stands in the queue, with its reason",
            trigger:
                ".o_list_view .o_data_row:contains(The tour's printer) .o_data_cell[name=queue_reason]:contains(By guaranteed response)",
        },
        {content: "take the next ticket", trigger: "button[name=action_next_ticket]", run: "click"},
        {
            content: "it is this one",
            trigger: ".o_form_view .o_field_widget[name=name] input:value(The tour's printer does not print)",
        },
        {content: "accept and start", trigger: "button[name=action_accept_and_start]:enabled", run: "click"},
        {
            content: "the response is met",
            trigger: "div[name=support_promise] .o_field_widget[name=response_state]:contains(Met)",
        },
        {
            content: "the work is in progress",
            trigger: ".o_statusbar_status button.o_arrow_button_current:contains(In Progress)",
        },
        {
            content: "the client was told",
            trigger: ".o-mail-Message:contains(has been accepted)",
        },
    ],
});
