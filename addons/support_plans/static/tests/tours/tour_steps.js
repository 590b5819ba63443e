/** Steps that the tours of several addons take. */

/** The state that the form shows. */
export function state(label) {
    return {
        content: `it is ${label}`,
        trigger: `.o_statusbar_status button.o_arrow_button_current:contains(${label})`,
    };
}

/** Press a button of the form, and agree to what it asks. */
export function press(name, isAsked = true) {
    const steps = [{ content: name, trigger: `button[name=${name}]:enabled:visible`, run: "click" }];
    if (isAsked) {
        steps.push({ content: "yes", trigger: ".modal .modal-footer .btn-primary", run: "click" });
    }
    return steps;
}
