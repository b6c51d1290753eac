import type { ProcessActivity } from '@tessera/kit'

interface LocalProcess {
  name: string
  openedAt: string
  /** Requests to the server that it waits for. */
  waiting: number
}

/** Number of the one that is there from the beginning. */
export const mainProcess = 1

/** The processes of this client as it knows them itself, under numbers of its own (4d.md PRC-41, PRC-49). */
export class LocalProcesses {
  readonly #sessionId: string
  readonly #processes = new Map<number, LocalProcess>()
  #last = 0
  #seen = { cpuMs: 0, at: 0 }

  constructor(sessionId: string) {
    this.#sessionId = sessionId
    this.open('main')
  }

  open(name: string): number {
    this.#last += 1
    this.#processes.set(this.#last, { name, openedAt: new Date().toISOString(), waiting: 0 })
    return this.#last
  }

  close(number: number): void {
    this.#processes.delete(number)
  }

  /** The process waits for the server meanwhile. */
  async during<Value>(number: number, asked: Promise<Value>): Promise<Value> {
    const process = this.#processes.get(number)
    if (process !== undefined) process.waiting += 1
    try {
      return await asked
    } finally {
      if (process !== undefined) process.waiting -= 1
    }
  }

  /** All of them run in one operating-system process: what that used is told of the main one. */
  activity(): ProcessActivity {
    const used = this.#cpu()
    return {
      processes: [...this.#processes].map(([number, { name, openedAt, waiting }]) => ({
        ID: `${this.#sessionId}-${number}`,
        number,
        name,
        sessionID: this.#sessionId,
        state: waiting > 0 ? 3 : number === mainProcess ? 0 : 2,
        type: 4,
        creationDateTime: openedAt,
        ...(number === mainProcess ? used : { cpuTime: 0, cpuUsage: 0 }),
        preemptive: false,
        systemID: process.pid,
        visible: number === mainProcess,
      })),
    }
  }

  /** `cpuUsage`: since it was asked for last. */
  #cpu(): { cpuTime: number; cpuUsage: number } {
    const { user, system } = process.cpuUsage()
    const [cpuMs, at] = [(user + system) / 1000, performance.now()]
    const share = (cpuMs - this.#seen.cpuMs) / Math.max(1, at - this.#seen.at)
    this.#seen = { cpuMs, at }
    return { cpuTime: cpuMs / 1000, cpuUsage: Math.min(1, Math.max(0, share)) }
  }
}
