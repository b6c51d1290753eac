import type { Call } from './call.ts'
import { currentCall } from './scope.ts'

/**
 * Takes what project code throws where nobody catches it: in a timer, an event listener, a promise that nobody awaits.
 * Node would end the process and all its sessions; here the call it came from ends, as far as it is known (rule X6).
 */
export const catchStrayErrors = (report: (error: unknown, call: Call | undefined) => void): void => {
  process.on('uncaughtException', (error) => report(error, currentCall()))
  process.on('unhandledRejection', (error) => report(error, currentCall()))
}

/** Turns `process.exit` and its like into an error of the call that used it. Gives back the way out for ourselves. */
export const guardExit = (): ((code: number) => never) => {
  const exit = process.exit.bind(process)
  const refuse = (name: string) => (): never => {
    throw new Error(`process.${name}() was called: project code cannot end the server's processes.`)
  }
  process.exit = refuse('exit')
  process.abort = refuse('abort')
  Reflect.set(process, 'reallyExit', refuse('reallyExit'))
  return (code) => {
    Reflect.set(process, 'reallyExit', reallyExit)
    return exit(code)
  }
}

const reallyExit: unknown = Reflect.get(process, 'reallyExit')
