import type { Logger } from '@tessera/core'
import { type Logger as Pino, pino } from 'pino'

/** The server's structured log, one JSON line an entry, on stderr: stdout belongs to the commands' answers. */
export const createLogger = (level: string): Logger => {
  const log: Pino = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ dest: 2, sync: false }))
  return {
    info: (message, fields = {}) => log.info(fields, message),
    warn: (message, fields = {}) => log.warn(fields, message),
    error: (message, fields = {}) => log.error(fields, message),
  }
}
