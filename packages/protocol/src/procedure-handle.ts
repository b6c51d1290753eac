import type { Storable } from './storable.ts'

/** How far a stored procedure is. */
export interface ProcedureProgress {
  /** 0..1. */
  fraction: number
  /** What it said of it. */
  text: string
}

/** What whoever follows a stored procedure is told: each time with the number to ask after next. */
export interface ProgressSeen {
  seen: number
  progress: ProcedureProgress | null
  running: boolean
}

/** A stored procedure that was started, wherever that was: in a client, on the server, in a project that runs alone. */
export interface ProcedureHandle {
  readonly id: string
  /** The number of its process: negative where a client started it, positive on the server (4d.md PRC-11). */
  readonly number: number
  readonly name: string
  /**
   * Resolves with what the procedure returned; rejects as a call would, with `CALL_CANCELLED` where it was cancelled. It is
   * asked for when somebody looks at it, and comes after the last word of progress: the server keeps the results of the last fifty procedures that ended.
   */
  readonly result: Promise<Storable>
  /** What it last said of how far it is; null before. It is followed from when somebody first looks, or listens. */
  readonly progress: ProcedureProgress | null
  /** Calls the listener with what is known of how far it is, and with each change until its end; at most four times a second. */
  onProgress(listener: (progress: ProcedureProgress) => void): () => void
  /**
   * Asks it to stop: its `signal` tells it why, and after five seconds it is ended. Its end is in `result`.
   * @returns false where it had ended already.
   * @throws TesseraError `NOT_ALLOWED` where another session started it; `PROCESS_NOT_FOUND`.
   */
  cancel(reason?: string): Promise<boolean>
}

/** The way from a handle to its procedure. */
export interface ProcedureLine {
  result(id: string): Promise<Storable>
  /** False: it had ended already. */
  cancel(id: string, reason: string): Promise<boolean>
  /** Tells what is known and each change, until the procedure's end. Resolves when the last word was told, whatever came of it. */
  follow(id: string, heard: (progress: ProcedureProgress) => void): Promise<void>
}

/** The handle of a stored procedure, over whatever line there is to it. */
export class StartedProcedure implements ProcedureHandle {
  readonly id: string
  readonly number: number
  readonly name: string
  readonly #line: ProcedureLine
  readonly #listeners = new Set<{ hear(progress: ProcedureProgress): void }>()
  #result: Promise<Storable> | null = null
  #progress: ProcedureProgress | null = null
  #followed: Promise<void> | null = null

  constructor({ id, number, name }: Pick<ProcedureHandle, 'id' | 'number' | 'name'>, line: ProcedureLine) {
    this.id = id
    this.number = number
    this.name = name
    this.#line = line
  }

  get result(): Promise<Storable> {
    // Not before somebody wants it: a failure that nobody waits for must not end the starter.
    this.#result ??= this.#line.result(this.id).finally(() => this.#followed)
    return this.#result
  }

  get progress(): ProcedureProgress | null {
    this.#follow()
    return this.#progress
  }

  onProgress(listener: (progress: ProcedureProgress) => void): () => void {
    const entry = { hear: listener }
    this.#listeners.add(entry)
    if (this.#progress !== null) listener(this.#progress)
    this.#follow()
    return () => {
      this.#listeners.delete(entry)
    }
  }

  cancel(reason = ''): Promise<boolean> {
    return this.#line.cancel(this.id, reason)
  }

  #follow(): void {
    this.#followed ??= this.#line.follow(this.id, (progress) => {
      this.#progress = progress
      for (const { hear } of [...this.#listeners]) hear(progress)
    })
  }
}
