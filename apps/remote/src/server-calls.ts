import type { CallOptions, Remote, RemoteProcess } from '@tessera/client'
import { decodeStorable, encodeStorable, type Reply, type StorableText, TesseraError, toErrorBody } from '@tessera/protocol'
import type { Ask } from './half-messages.ts'
import type { HalfProcess } from './half-process.ts'

/** Carries what one client half asks to the server and back. */
export class ServerCalls {
  readonly #remote: Remote
  readonly #processes = new Map<number, RemoteProcess>()
  /** Of calls that the half may take back, by the id under which it asked. */
  readonly #cancellable = new Map<number, AbortController>()
  #held: (() => void)[] | null = null

  constructor(remote: Remote) {
    this.#remote = remote
  }

  ask(half: HalfProcess, id: number, ask: Ask): void {
    // Not held: what waits to be carried is dropped.
    if (ask.kind === 'withdraw') this.#cancellable.get(ask.call)?.abort()
    if (ask.kind === 'call' && ask.cancellable) this.#cancellable.set(id, new AbortController())
    if (this.#held === null) void this.#answer(half, id, ask)
    else this.#held.push(() => void this.#answer(half, id, ask))
  }

  /** What waited is carried. */
  release(): void {
    const held = this.#held ?? []
    this.#held = null
    for (const carry of held) carry()
  }

  /** What is asked waits: this half is about to be replaced. */
  get isHeld(): boolean {
    return this.#held !== null
  }

  /** From now on what is asked waits: the version under the half is about to change. */
  hold(): void {
    this.#held ??= []
  }

  /** The half is gone, and its processes with it. */
  async closeProcesses(): Promise<void> {
    const processes = [...this.#processes.values()]
    this.#processes.clear()
    await Promise.allSettled(processes.map((process) => process.close()))
  }

  async #answer(half: HalfProcess, id: number, ask: Ask): Promise<void> {
    const reply = await this.#replyTo(half, id, ask)
    this.#cancellable.delete(id)
    half.say({ kind: 'answer', id, reply })
  }

  async #replyTo(half: HalfProcess, id: number, ask: Ask): Promise<Reply<StorableText>> {
    try {
      return { ok: true, value: encodeStorable(await this.#carry(half, id, ask)) }
    } catch (error) {
      return { ok: false, error: toErrorBody(error) }
    }
  }

  async #carry(half: HalfProcess, id: number, ask: Ask): Promise<unknown> {
    const { storedProcedures } = this.#remote
    switch (ask.kind) {
      case 'call':
        return this.#callIn(ask.process).callWith(this.#optionsOf(id, ask), ask.method, ...argumentsOf(ask.args))
      case 'withdraw':
        return null
      case 'openProcess': {
        const process = await this.#remote.process(ask.name)
        this.#processes.set(process.number, process)
        return process.number
      }
      case 'closeProcess':
        await this.#processes.get(ask.process)?.close()
        this.#processes.delete(ask.process)
        return null
      case 'startProcedure': {
        const { method, name, unique } = ask
        const { id, number } = await storedProcedures.start(method, argumentsOf(ask.args), { name, unique })
        return { id, number }
      }
      case 'procedureResult':
        return storedProcedures.result(ask.id)
      case 'cancelProcedure':
        return storedProcedures.cancel(ask.id, ask.reason)
      case 'followProcedure':
        await storedProcedures.follow(ask.id, (progress) => half.say({ kind: 'progress', id: ask.id, progress }))
        return null
      case 'register':
        return this.#remote.register(ask.name)
      case 'unregister':
        return this.#remote.unregister()
    }
  }

  #optionsOf(id: number, { deadlineMs, key }: Extract<Ask, { kind: 'call' }>): CallOptions {
    const signal = this.#cancellable.get(id)?.signal
    return { ...(deadlineMs === undefined ? {} : { deadlineMs }), ...(key === undefined ? {} : { key }), ...(signal === undefined ? {} : { signal }) }
  }

  #callIn(number: number | null): Pick<Remote, 'callWith'> {
    const place = number === null ? this.#remote : this.#processes.get(number)
    if (place === undefined) throw new TesseraError('PROCESS_NOT_FOUND', 'This process was closed.')
    return place
  }
}

const argumentsOf = (text: StorableText): readonly unknown[] => {
  const args = decodeStorable(text)
  return Array.isArray(args) ? args : [args]
}
