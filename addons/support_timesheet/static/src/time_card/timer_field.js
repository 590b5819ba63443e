import { Component, onWillUnmount, onWillUpdateProps, useState } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { chargedMinutes, minutesToNextUnit } from "./increments";

/** Between two looks at the clock, in ms: minutes are shown, so seconds may be late. */
const TICK = 5000;

/**
 * The reader's timer on a ticket, and what the chosen kind of work costs this client.
 *
 * The time is the server's: it says how long the timer has run, and only what passed since is counted
 * here, so that the clock of the computer does not matter.
 */
export class SupportTimerField extends Component {
    static template = "support_timesheet.TimerField";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.state = useState({ kindId: null, seconds: 0, busy: false });
        this.readClock(this.props);
        onWillUpdateProps((next) => this.readClock(next));
        const interval = setInterval(() => this.tick(), TICK);
        onWillUnmount(() => clearInterval(interval));
    }

    // What the server said

    getCard(props = this.props) {
        return props.record.data[props.name] || { timer: null, rows: [], kind_id: false };
    }

    get card() {
        return this.getCard();
    }

    get timer() {
        return this.card.timer;
    }

    get isHere() {
        return Boolean(this.timer && this.timer.here);
    }

    get kindId() {
        return (this.isHere && this.timer.kind_id) || this.state.kindId || this.card.kind_id;
    }

    get row() {
        return this.card.rows.find((row) => row.id === this.kindId);
    }

    // The clock

    readClock(props) {
        const card = this.getCard(props);
        if (card !== this.seenCard) {
            this.seenCard = card;
            this.base = { seconds: card.timer ? card.timer.seconds : 0, at: performance.now() };
        }
        this.tick(card.timer);
    }

    tick(timer = this.timer) {
        const passed = timer && timer.running ? (performance.now() - this.base.at) / 1000 : 0;
        this.state.seconds = Math.floor(this.base.seconds + passed);
    }

    /** Whole minutes; a stopped timer proposes at least one. */
    get minutes() {
        const least = this.timer && !this.timer.running ? 1 : 0;
        return Math.max(Math.floor(this.state.seconds / 60), least);
    }

    get isForgotten() {
        return Boolean(this.timer && this.state.seconds > this.timer.forgotten_after);
    }

    /** As "12 min · charged 30 min · next started unit in 13 min". */
    get clock() {
        const parts = [this.formatMinutes(this.minutes)];
        const row = this.isHere && this.row;
        if (!row) {
            return parts[0];
        }
        if (row.coverage === "free") {
            parts.push(_t("free"));
        } else if (row.step > 1) {
            // What is proposed at the stop is at least a minute
            const charged = chargedMinutes(Math.max(this.minutes, 1), row.note, row.step);
            parts.push(_t("charged %s", this.formatMinutes(charged)));
            if (this.timer.running) {
                parts.push(this.describeNextUnit(row));
            }
        }
        return parts.join(" · ");
    }

    describeNextUnit(row) {
        const next = minutesToNextUnit(this.minutes, row.note, row.step);
        return next
            ? _t("next started unit in %s", this.formatMinutes(next))
            : _t("the next minute starts another unit");
    }

    formatMinutes(minutes) {
        const hours = Math.floor(minutes / 60);
        const rest = minutes % 60;
        if (hours && rest) {
            return _t("%(hours)s h %(minutes)s min", { hours, minutes: rest });
        }
        return hours ? _t("%s h", hours) : _t("%s min", rest);
    }

    // Buttons

    async call(method, ...args) {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        const record = this.props.record;
        try {
            if (!(await record.save())) {
                return;
            }
            const action = await this.orm.call("helpdesk.ticket", method, [[record.resId], ...args]);
            await record.load();
            if (action && action.type) {
                await this.action.doAction(action, { onClose: () => record.load() });
            }
        } finally {
            this.state.busy = false;
        }
    }

    async onChangeKind(ev) {
        const kindId = Number(ev.target.value);
        this.state.kindId = kindId;
        if (this.isHere) {
            await this.call("action_set_timer_kind", kindId);
        }
    }

    onThrowAway() {
        this.dialog.add(ConfirmationDialog, {
            title: _t("Throw the time away?"),
            body: _t("%(time)s on ticket %(ticket)s will not be logged. This cannot be undone.", {
                time: this.formatMinutes(Math.max(this.minutes, 1)),
                ticket: this.timer.ticket,
            }),
            confirmLabel: _t("Throw Away"),
            confirmClass: "btn-danger",
            confirm: () => this.call("action_throw_away_timer"),
            cancelLabel: _t("Keep"),
            cancel: () => {},
        });
    }

    openOther() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "helpdesk.ticket",
            res_id: this.timer.ticket_id,
            views: [[false, "form"]],
        });
    }
}

registry.category("fields").add("support_timer", {
    component: SupportTimerField,
    displayName: _t("Timer"),
    supportedTypes: ["json"],
});
