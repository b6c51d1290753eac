import { format } from 'node:util'
import type { LogLevel } from '../messages.ts'
import { currentCall } from './scope.ts'

const levels = { log: 'info', info: 'info', debug: 'info', warn: 'warn', error: 'error' } as const satisfies Record<string, LogLevel>

/**
 * Sends what project code prints during a call to the server's log. `outside` takes what is printed outside any call;
 * without it such lines go where they always went. Done once for a process.
 */
export const captureConsole = (outside?: (level: LogLevel, text: string) => void): void => {
  for (const name of ['log', 'info', 'debug', 'warn', 'error'] as const) {
    const original = globalThis.console[name]
    globalThis.console[name] = (...args: unknown[]) => {
      const call = currentCall()
      if (call !== undefined) call.room.log(levels[name], format(...args), call)
      else if (outside !== undefined) outside(levels[name], format(...args))
      else original(...args)
    }
  }
}
