import { registry } from "@web/core/registry";
import { press, state } from "./tour_steps";

/** Read an amount on the statement of the settlement. */
function reads(label, amount) {
    return {
        content: `${label}: ${amount}`,
        trigger: `.o_settlement_statement tr:contains(${label}) td:contains(${amount})`,
    };
}

/** Choose a treatment of the fee, and read what goes back then. */
function treat(title, amount) {
    return [
        {
            content: `choose ${title}`,
            trigger: `.tab-pane.active .border:has(h4:contains(${title})) button[name=action_choose_treatment]`,
            run: "click",
        },
        {
            content: `${title} is chosen`,
            trigger: `.tab-pane.active .border:has(h4:contains(${title})) .badge:contains(Chosen)`,
        },
        { content: `${amount} goes back`, trigger: `.o_field_widget[name=refund_gross]:contains(${amount})` },
    ];
}

// The accountant enters a resignation of a prepaid year after five months, and settles it to the end.
registry.category("web_tour.tours").add("support_plans_resignation", {
    steps: () => [
        { content: "a new resignation", trigger: ".o_list_button_add", run: "click" },
        { content: "of the client", trigger: ".o_field_widget[name=contract_id] input", run: "edit Tour Client" },
        {
            content: "the agreement",
            trigger: ".o-autocomplete--dropdown-item:not(.o_m2o_dropdown_option) a:contains(Tour Client)",
            run: "click",
        },
        { content: "why", trigger: ".o_field_widget[name=reason] textarea", run: "edit Own staff from now on" },
        {
            content: "the settlement is simulated before anything is submitted",
            trigger: ".o_settlement_statement:contains(Simulation):contains(2,616.47)",
        },
        ...press("action_submit"),
        state("Submitted"),
        { content: "five months", trigger: ".o_settlement_statement tr:contains(399.00) td:contains(5)" },
        reads("Paid, net", "4,188.00"),
        reads("Used, net", "1,995.00"),
        reads("Remainder", "2,193.00"),
        reads("Handling fee", "65.79"),
        reads("Refund, net", "2,127.21"),
        reads("VAT before the correction", "489.26"),
        reads("Refund, gross", "2,616.47"),
        ...press("action_accept"),
        state("Accepted"),
        { content: "the day of the refund", trigger: ".o_field_widget[name=refund_due_on]:visible" },
        { content: "the fee", trigger: ".o_notebook a[name=treatment]", run: "click" },
        { content: "taxable", trigger: ".o_field_widget[name=refund_if_taxable]:contains(2,616.47)" },
        { content: "outside VAT", trigger: ".o_field_widget[name=refund_if_outside_vat]:contains(2,631.60)" },
        { content: "none", trigger: ".o_field_widget[name=refund_if_none]:contains(2,697.39)" },
        ...treat("Outside VAT", "2,631.60"),
        ...treat("No fee", "2,697.39"),
        ...treat("Taxable", "2,616.47"),
        { content: "who chose", trigger: ".o_field_widget[name=treatment_by_id]:contains(accountant)" },
        ...press("action_prepare_correction", false),
        { content: "the draft", trigger: ".o_field_widget[name=tax_totals]:contains(2,127.21)" },
        { content: "its VAT", trigger: ".o_field_widget[name=tax_totals]:contains(489.26)" },
        { content: "its total", trigger: ".o_field_widget[name=tax_totals]:contains(2,616.47)" },
        { content: "the year back", trigger: ".o_field_widget[name=invoice_line_ids]:contains(4,188.00)" },
        { content: "the months", trigger: ".o_field_widget[name=invoice_line_ids]:contains(1,995.00)" },
        { content: "the fee", trigger: ".o_field_widget[name=invoice_line_ids]:contains(65.79)" },
        ...press("action_post", false),
        state("Posted"),
        { content: "back to the resignation", trigger: ".o_breadcrumb .o_back_button a, .o_breadcrumb a:last", run: "click" },
        state("Corrected"),
        { content: "still to pay", trigger: ".o_field_widget[name=refund_open]:contains(2,616.47)" },
        ...press("action_pay_refund", false),
        { content: "the transfer", trigger: ".modal .o_field_widget[name=amount] input:value(2,616.47)" },
        { content: "pay", trigger: ".modal button[name=action_create_payments]", run: "click" },
        { content: "the payment", trigger: ".o_field_widget[name=payment_type]" },
        { content: "back to the resignation", trigger: ".o_breadcrumb a:contains(Tour Client)", run: "click" },
        state("Refunded"),
        { content: "handover", trigger: ".o_notebook a[name=handover]", run: "click" },
        ...[5, 4, 3, 2, 1, 0].flatMap((left) => [
            {
                content: "done",
                trigger: ".o_field_widget[name=handover_ids] button[name=action_done]:first",
                run: "click",
            },
            {
                content: `${left} left`,
                trigger: `.o_field_widget[name=handover_ids]:has(.o_data_row):not(:has(button[name=action_done]:eq(${left})))`,
            },
        ]),
        state("Completed"),
    ],
});
