import type { CallId, HostAnswers, HostRequest, SessionId } from '@tessera/core'
import type { CurrentProcess, SharedStorage } from '@tessera/kit'
import { TesseraError } from '@tessera/protocol/values'
import type { LogLevel } from '../messages.ts'
import { CallTimer } from './call-timer.ts'
import { CallSignal } from './cancel-signal.ts'
import type { MarkedRun } from './current-run.ts'
import type { ProjectProcess } from './project-process.ts'
import type { ServerSession } from './session.ts'

/** Sends a request of project code to the engine. @throws what the engine answers. */
export type Ask = <Kind extends HostRequest['kind']>(request: Extract<HostRequest, { kind: Kind }>, subscribe?: boolean) => Promise<HostAnswers[Kind]>

/** What a call needs of the isolate that it runs in. */
export interface CallRoom {
  /** The storage of any session; null for one that does not exist. */
  storageOf(call: Call, id: SessionId): Promise<SharedStorage | null>
  /** Any session as code sees it, kept up to date; null for one that does not exist. */
  sessionOf(call: Call, id: SessionId): Promise<ServerSession | null>
  progressed(call: Call, fraction: number, text: string): void
  log(level: LogLevel, text: string, call: Call): void
  ask<Kind extends HostRequest['kind']>(call: Call, request: Extract<HostRequest, { kind: Kind }>, subscribe: boolean): Promise<HostAnswers[Kind]>
  /** Something was thrown where nobody could catch it. */
  strayError(error: unknown, call: Call): void
}

interface CallFacts {
  id: CallId
  method: string
  process: ProjectProcess
  marks: { run: number; method: number }
  request?: string | undefined
  timed: boolean
  resultBytes: number
}

/** One call of a method while it runs, and afterwards for whatever the method left behind. */
export class Call implements MarkedRun {
  readonly id: CallId
  /** What its isolate's host knows it by, and its method. */
  readonly run: number
  readonly method: number
  readonly methodName: string
  readonly process: ProjectProcess
  /** For logs: the client's id of the call, else the server's. */
  readonly request: string
  /** Only where the outcome should tell where the time went. */
  readonly timer: CallTimer | null
  /** Largest result. */
  readonly resultBytes: number
  readonly room: CallRoom
  /** Lent to this call alone (4d.md PRV-15), inclusions expanded. */
  promoted: readonly string[] = []
  /** Another session than the process's, once the browser that called went there (4d.md SES-44). */
  restored: ServerSession | null = null
  /** What must have come to its end, and well, before this call may. */
  readonly owed: Promise<unknown>[] = []
  #refusal: TesseraError | null = null
  #signal: CallSignal | undefined
  #view: CurrentProcess | undefined

  constructor(room: CallRoom, facts: CallFacts) {
    this.room = room
    this.id = facts.id
    this.run = facts.marks.run
    this.method = facts.marks.method
    this.methodName = facts.method
    this.process = facts.process
    this.request = facts.request ?? facts.id
    this.timer = facts.timed ? new CallTimer(machineTime) : null
    this.resultBytes = facts.resultBytes
  }

  /** Why nothing that it asks is asked any more; null while it may. */
  get refusal(): TesseraError | null {
    return this.#refusal
  }

  /** Its caller was told that it is cancelled: what it asks the engine afterwards is refused (rule X25). */
  cancel(reason: string): void {
    this.signal.abort(reason)
    this.#refusal ??= new TesseraError('CALL_CANCELLED', reason)
  }

  get session(): ServerSession {
    return this.restored ?? this.process.session
  }

  get signal(): CallSignal {
    this.#signal ??= new CallSignal((error) => this.strayError(error))
    return this.#signal
  }

  /** What `currentProcess()` gives in this call: the process, with the signal of this call. */
  get view(): CurrentProcess {
    const { id, number, name } = this.process.facts
    this.#view ??= { id, number, name, variables: this.process.variables, signal: this.signal }
    return this.#view
  }

  readonly ask: Ask = (request, subscribe = false) => this.room.ask(this, request, subscribe)

  strayError(error: unknown): void {
    this.room.strayError(error, this)
  }
}

const machineTime = (): number => performance.now()
