import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatFloatTime } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Whole minutes as people read time: as float_time shows hours, also in sums. */
export function formatMinutes(minutes) {
    return minutes === false ? "" : formatFloatTime(minutes / 60);
}

export class SupportMinutesField extends Component {
    static template = "support_timesheet.MinutesField";
    static props = { ...standardFieldProps };

    get formattedValue() {
        return formatMinutes(this.props.record.data[this.props.name]);
    }
}

/** Minutes left in the packages after a work: a dash where no package was asked. */
export class SupportPackageMinutesField extends SupportMinutesField {
    get formattedValue() {
        return this.props.record.data.coverage_basis === "package" ? super.formattedValue : "–";
    }
}

registry.category("formatters").add("support_minutes", formatMinutes);
registry.category("formatters").add("support_package_minutes", formatMinutes);
registry.category("fields").add("support_minutes", {
    component: SupportMinutesField,
    displayName: _t("Minutes as Time"),
    supportedTypes: ["integer"],
    isEmpty: () => false,
});
registry.category("fields").add("support_package_minutes", {
    component: SupportPackageMinutesField,
    displayName: _t("Minutes of a Package as Time"),
    supportedTypes: ["integer"],
    isEmpty: () => false,
    fieldDependencies: [{ name: "coverage_basis", type: "selection" }],
});
