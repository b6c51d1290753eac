/** Milliseconds since 1970 as the database has them; null stays null. */
export const toInstant = (ms: number | null): Date | null => (ms === null ? null : new Date(ms))
export const fromInstant = (date: Date | null): number | null => date?.getTime() ?? null
