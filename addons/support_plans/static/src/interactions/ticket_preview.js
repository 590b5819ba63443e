import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";
import { rpc } from "@web/core/network/rpc";

/** On the form of a new ticket: says what is promised for the chosen kind of request. */
export class TicketPreview extends Interaction {
    static selector = "form[action='/submitted/ticket']";
    dynamicContent = {
        "#request_kind": { "t-on-change": this.onKindChange },
        "#is_critical": { "t-on-change": this.refresh },
    };

    setup() {
        this.asked = 0;
    }

    async onKindChange(ev) {
        const help = ev.currentTarget.selectedOptions[0].dataset.help;
        this.el.querySelector("#request_kind_help").textContent = help || "";
        await this.refresh();
    }

    async refresh() {
        const box = this.el.querySelector("#support_preview");
        const question = ++this.asked;
        const preview = await this.waitFor(
            rpc("/new/ticket/preview", {
                request_kind: this.el.querySelector("#request_kind").value,
                is_critical: Boolean(this.el.querySelector("#is_critical")?.checked),
            })
        );
        if (question !== this.asked) {
            return; // the choice has changed again
        }
        box.textContent = preview.text;
        box.classList.toggle("alert-success", preview.guaranteed);
        box.classList.toggle("alert-warning", !preview.guaranteed);
    }
}

registry.category("public.interactions").add("support_plans.ticket_preview", TicketPreview);
