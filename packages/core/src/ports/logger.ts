export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>

/** Structured log. Never given a secret. */
export interface Logger {
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields & { detail?: string }): void
}
