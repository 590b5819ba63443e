import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const COLOURS = {
    package: "success",
    included: "success",
    quota: "success",
    free: "success",
    partly: "warning",
    beyond: "warning",
    none: "danger",
};

/** What each kind of work costs this client now, before it is done. */
export class SupportCoverageField extends Component {
    static template = "support_timesheet.CoverageField";
    static props = { ...standardFieldProps };

    get card() {
        return this.props.record.data[this.props.name] || { rows: [], notice: "" };
    }

    get rows() {
        return this.card.rows;
    }

    getBadge(row) {
        return `text-bg-${COLOURS[row.coverage]}`;
    }
}

registry.category("fields").add("support_coverage", {
    component: SupportCoverageField,
    displayName: _t("Coverage"),
    supportedTypes: ["json"],
});
