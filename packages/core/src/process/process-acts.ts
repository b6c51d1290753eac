import { TesseraError } from '@tessera/protocol'
import type { AbortedCall } from '../commands.ts'
import type { ProcessId } from '../ids.ts'
import type { Ports } from '../ports/index.ts'
import type { Procedures } from '../session/procedures.ts'
import type { Process } from './process.ts'
import type { Processes } from './processes.ts'

type ActPorts = Pick<Ports, 'bus' | 'isolates'>

interface Rooms {
  processes: Processes
  procedures: Procedures
}

const longestReason = 1000

/** An operator's hand on a process: end what runs in it, hold up what comes next (4d.md PRC-47). */
export class ProcessActs {
  readonly #ports: ActPorts
  readonly #rooms: Rooms

  constructor(ports: ActPorts, rooms: Rooms) {
    this.#ports = ports
    this.#rooms = rooms
  }

  /**
   * Ends the running call, whatever it does: its caller hears `CALL_CANCELLED` and the reason at once, and calls that wait in
   * the process go on (SPEC P50). Close Connection is a call like any other.
   * @throws TesseraError `PROCESS_NOT_FOUND`; `ILLEGAL_STATE` where nothing runs.
   */
  async abort({ processId, reason }: { processId: ProcessId; reason: string }): Promise<AbortedCall> {
    const process = this.#need(processId)
    const running = process.farewell?.running ?? process.running
    if (running === null) throw new TesseraError('ILLEGAL_STATE', `Nothing runs in the process "${process.name}".`)
    const { call, method } = running
    const { sessionId } = process
    const why = reason === '' ? 'An operator ended this call.' : reason.slice(0, longestReason)
    const outcome = await this.#ports.isolates.abort(call, why)
    this.#ports.bus.emit({ name: 'process.aborted', sessionId, processId, method, outcome, reason: why })
    return { outcome, sessionId, method }
  }

  /**
   * Calls wait from now on, within the bounds of their session; one that runs goes on (SPEC P52).
   * @throws TesseraError `PROCESS_NOT_FOUND`; `ILLEGAL_STATE` for a process that ends with the one call that it was made for.
   */
  pause(id: ProcessId): void {
    const process = this.#need(id)
    if (process.kind !== 'twin' && process.kind !== 'web')
      throw new TesseraError('ILLEGAL_STATE', `"${process.name}" runs one call alone, which pausing would not hold up: abort it.`)
    if (process.closed) throw new TesseraError('ILLEGAL_STATE', `The process "${process.name}" is closing.`)
    process.pause()
    this.#ports.bus.emit({ name: 'process.paused', sessionId: process.sessionId, processId: id })
  }

  /** Calls that wait run, in the order in which they came. @throws TesseraError `PROCESS_NOT_FOUND`, `ILLEGAL_STATE`. */
  activate(id: ProcessId): void {
    const process = this.#need(id)
    if (process.state !== 'paused') throw new TesseraError('ILLEGAL_STATE', `The process "${process.name}" is not paused.`)
    process.activate()
    this.#ports.bus.emit({ name: 'process.activated', sessionId: process.sessionId, processId: id })
  }

  #need(id: ProcessId): Process {
    const process = this.#rooms.processes.find(id)
    if (process !== undefined) return process
    const ended = this.#rooms.procedures.list().find((procedure) => procedure.id === id)
    if (ended !== undefined) throw new TesseraError('ILLEGAL_STATE', `The stored procedure "${ended.name}" has ended already.`)
    throw new TesseraError('PROCESS_NOT_FOUND', 'There is no such process, or it has ended.')
  }
}
