import { registry } from "@web/core/registry";

const TIMER = "div[name=support_timer]";

/** The row of a kind of work in the table of the page "Time". */
function row(kind, text) {
    return `.o_support_coverage tr[data-kind=${kind}]:contains(${text})`;
}

// The consultant times remote help, logs it, and sees the client's balance fall.
registry.category("web_tour.tours").add("support_timesheet_log_time", {
    steps: () => [
        { content: "what is left", trigger: "a[name=support_time]", run: "click" },
        { content: "30 min are left in the package", trigger: row("REMOTE", "30 min left") },
        {
            content: "e-mail work is proposed, it came by e-mail",
            trigger: `${TIMER} .o_support_timer_cost:contains(Quota)`,
        },
        { content: "it was remote help", trigger: `${TIMER} .o_support_timer_kind`, run: "selectByLabel Remote help" },
        {
            content: "the screen says what it costs",
            trigger: `${TIMER} .o_support_timer_cost:contains(From the package · 30 min left)`,
        },
        { content: "start", trigger: `${TIMER} .o_support_timer_start`, run: "click" },
        {
            content: "it runs, note time is in the sum",
            trigger: `${TIMER} .o_support_timer_clock:contains(0 min · charged 30 min · next started unit in 25 min)`,
        },
        { content: "stop", trigger: `${TIMER} .o_support_timer_stop`, run: "click" },
        {
            content: "the work is proposed",
            trigger: ".modal .o_field_widget[name=unit_amount] input:value(00:01)",
        },
        { content: "close the dialog: nothing is lost", trigger: ".modal .btn-close", run: "click" },
        {
            content: "one minute is not logged yet",
            trigger: `body:not(:has(.modal)) ${TIMER} .o_support_timer_clock:contains(1 min · charged 30 min not logged yet)`,
        },
        { content: "go on", trigger: `${TIMER} .o_support_timer_resume`, run: "click" },
        { content: "stop again", trigger: `${TIMER} .o_support_timer_stop:enabled`, run: "click" },
        {
            content: "it took 26 minutes",
            trigger: ".modal .o_field_widget[name=unit_amount] input",
            run: "edit 00:26 && press Tab",
        },
        {
            content: "it goes beyond the package, the price is said before saving",
            trigger: ".modal .o_field_widget[name=charge_preview]:contains(26 + 5 min → 60 min charged: 30 min from the package, 30 min × 165.00)",
        },
        {
            content: "what was done",
            trigger: ".modal .o_field_widget[name=name] input, .modal .o_field_widget[name=name] textarea",
            run: "edit Mended the printer",
        },
        { content: "save", trigger: ".modal .o_form_button_save", run: "click" },
        { content: "the timer is free", trigger: `body:not(:has(.modal)) ${TIMER} .o_support_timer_start` },
        { content: "the balance fell", trigger: row("REMOTE", "0 min left") },
        {
            content: "the next one would be beyond the package",
            trigger: `${TIMER} .o_support_timer_warning:contains(Nothing is left in the package: 30 min = 82.50)`,
        },
        {
            content: "the work stands on the ticket",
            trigger: ".o_field_widget[name=work_ids] .o_data_row:contains(Mended the printer):contains(Partly)",
        },
    ],
});

// A timer that ran before: the clock goes on, after a reload too.
registry.category("web_tour.tours").add("support_timesheet_running_timer", {
    steps: () => [
        {
            content: "12 minutes have run on the server",
            trigger: `${TIMER} .o_support_timer_clock:contains(12 min · charged 30 min · next started unit in 13 min)`,
        },
        {
            content: "the clock ticks",
            trigger: `${TIMER} .o_support_timer_clock:contains(13 min · charged 30 min · next started unit in 12 min)`,
            timeout: 30000,
        },
        { content: "stop", trigger: `${TIMER} .o_support_timer_stop`, run: "click" },
        { content: "close", trigger: ".modal .btn-close", run: "click" },
        {
            content: "throw it away",
            trigger: `body:not(:has(.modal)) ${TIMER} .o_support_timer_throw`,
            run: "click",
        },
        { content: "it asks", trigger: ".modal:contains(will not be logged) .btn-danger", run: "click" },
        { content: "it is gone", trigger: `body:not(:has(.modal)) ${TIMER} .o_support_timer_start` },
    ],
});

// The accountant bills last month's hours of a client who has paid the year, and has the line explained.
registry.category("web_tour.tours").add("support_timesheet_bill", {
    steps: () => [
        { content: "bill what is due", trigger: "button[name=action_create_invoice]", run: "click" },
        {
            content: "the invoice of the hours",
            trigger: ".o_list_view .o_data_row:contains(101.48) .o_data_cell:contains(Yearly Tour Ltd)",
            run: "click",
        },
        {
            content: "half an hour at the rate beyond the package",
            trigger: ".o_field_widget[name=invoice_line_ids] .o_data_row:contains(work beyond the package, 30 min):contains(82.50)",
        },
        { content: "explain the line", trigger: "button[name=action_explain]", run: "click" },
        {
            content: "26 min and 5 of note per started 30 are 60, half of it from the package",
            trigger:
                ".o_list_view .o_data_row:contains(Mended the printer):contains(00:26):contains(00:05):contains(01:00):contains(00:30)",
        },
    ],
});
