/** Whole milliseconds of a clock that nobody sets: the time of day jumps where it is put right, or where a machine slept. */
export const uptimeMs = (): number => Math.floor(performance.now())
