import type { ProcessCpu, ProcessId } from '@tessera/core'
import { uptimeMs } from './uptime.ts'

const windowMs = 5_000

interface Account {
  cpuMs: number
  /** What was used lately, oldest first. */
  recent: [at: number, ms: number][]
}

/** The CPU time of each process, as the watchdogs of its isolates told it. */
export class CpuBook {
  readonly #accounts = new Map<ProcessId, Account>()

  add(process: ProcessId, ms: number): void {
    const account = this.#accounts.get(process) ?? { cpuMs: 0, recent: [] }
    this.#accounts.set(process, account)
    account.cpuMs += ms
    account.recent.push([uptimeMs(), ms])
    forgetOld(account)
  }

  read(): ReadonlyMap<ProcessId, ProcessCpu> {
    return new Map([...this.#accounts].map(([process, account]) => [process, rowOf(account)]))
  }

  forget(process: ProcessId): void {
    this.#accounts.delete(process)
  }
}

const rowOf = (account: Account): ProcessCpu => {
  forgetOld(account)
  const used = account.recent.reduce((sum, [, ms]) => sum + ms, 0)
  return { cpuMs: account.cpuMs, cpuUsage: Math.min(1, used / windowMs) }
}

const forgetOld = ({ recent }: Account): void => {
  const since = uptimeMs() - windowMs
  while (recent[0] !== undefined && recent[0][0] <= since) recent.shift()
}
