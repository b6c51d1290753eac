/** A goal cannot be measured here, and why; the other goals can. */
export class NotMeasured extends Error {}
