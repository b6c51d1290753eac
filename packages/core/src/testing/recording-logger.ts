import type { LogFields, Logger } from '../ports/logger.ts'

export interface LogEntry {
  level: 'info' | 'warn' | 'error'
  message: string
  fields: LogFields
}

/** Keeps what it is told. */
export class RecordingLogger implements Logger {
  readonly entries: LogEntry[] = []

  info(message: string, fields: LogFields = {}): void {
    this.entries.push({ level: 'info', message, fields })
  }

  warn(message: string, fields: LogFields = {}): void {
    this.entries.push({ level: 'warn', message, fields })
  }

  error(message: string, fields: LogFields = {}): void {
    this.entries.push({ level: 'error', message, fields })
  }
}
