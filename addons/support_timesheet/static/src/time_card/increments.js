/**
 * What the clock on the screen counts between two answers of the server: the same sentences as
 * rules/increments.py, which is the law (P34, P35, P36, D8, D9, D10). All in whole minutes.
 */

function roundedUp(minutes, step) {
    return step > 1 ? Math.ceil(minutes / step) * step : minutes;
}

/** Minutes charged for one session: note time first, then every started unit. */
export function chargedMinutes(worked, note, step) {
    return worked ? roundedUp(worked + note, step) : 0;
}

/** Minutes that may still be worked before one more unit is charged; null where exact minutes are. */
export function minutesToNextUnit(worked, note, step) {
    if (step <= 1) {
        return null;
    }
    return roundedUp(Math.max(worked, 1) + note, step) - note - worked;
}
