import type { DomainEvent, Engine, EventBus } from '@tessera/core'
import {
  type ConsoleDownEvents,
  type ConsoleUpEvents,
  type ConsoleView,
  limits,
  TesseraError,
  toErrorBody,
  unwatchRequest,
  watchRequest,
} from '@tessera/protocol'
import type { Namespace, Socket } from 'socket.io'
import { openWindow, type ViewWindow } from './view-window.ts'

interface SocketData {
  /** SHA-256 of the secret that let the viewer in: to be let go when it is signed out. */
  tokenHash: string
}
type ConsoleSocket = Socket<ConsoleUpEvents, ConsoleDownEvents, Record<string, never>, SocketData>
export type ConsoleNamespace = Namespace<ConsoleUpEvents, ConsoleDownEvents, Record<string, never>, SocketData>

interface Parts {
  engine: Pick<Engine, 'reads'>
  bus: EventBus
  /** @throws TesseraError `SIGN_IN_REQUIRED`, `ORIGIN_REFUSED`. */
  admit(socket: ConsoleSocket): Promise<{ tokenHash: string }>
}

const mostWatches = 30

/**
 * The console's live views: each viewer is sent what changes in the windows it opened, at most four times a second. With
 * nobody watching it does not even listen (decision 8).
 */
export class ConsoleFeed {
  readonly #parts: Parts
  readonly #viewers = new Map<ConsoleSocket, Map<number, ViewWindow>>()
  #stopListening: (() => void) | null = null
  #flushing: NodeJS.Timeout | null = null
  /** While somebody watches what changes without an event. */
  #looking: NodeJS.Timeout | null = null
  #flushedAt = 0

  constructor(namespace: ConsoleNamespace, parts: Parts) {
    this.#parts = parts
    namespace.use((socket, next) => {
      parts.admit(socket).then(
        ({ tokenHash }) => {
          socket.data.tokenHash = tokenHash
          next()
        },
        (error: unknown) => next(Object.assign(new Error('refused'), { data: toErrorBody(error) })),
      )
    })
    namespace.on('connection', (socket) => this.#serve(socket))
    parts.bus.on('operator.signedOut', ({ hash }) => {
      for (const socket of namespace.sockets.values()) {
        if (socket.data.tokenHash !== hash) continue
        socket.emit('signedOut')
        socket.disconnect(true)
      }
    })
  }

  #serve(socket: ConsoleSocket): void {
    const windows = new Map<number, ViewWindow>()
    this.#viewers.set(socket, windows)
    socket.on('watch', (request, reply) => {
      if (typeof reply !== 'function') return
      this.#watch(windows, request).then(
        (state) => reply({ ok: true, state }),
        (error: unknown) => reply({ ok: false, error: toErrorBody(error) }),
      )
    })
    socket.on('unwatch', (request) => {
      const parsed = unwatchRequest.safeParse(request)
      if (parsed.success) windows.delete(parsed.data.watch)
      this.#listenWhileWatched()
    })
    socket.on('disconnect', () => {
      this.#viewers.delete(socket)
      this.#listenWhileWatched()
    })
  }

  async #watch(windows: Map<number, ViewWindow>, request: unknown) {
    const parsed = watchRequest.safeParse(request)
    if (!parsed.success) throw new TesseraError('BAD_REQUEST', `This view cannot be opened: ${parsed.error.issues[0]?.message ?? ''}`)
    const { watch, view }: { watch: number; view: ConsoleView } = parsed.data
    if (windows.size >= mostWatches && !windows.has(watch)) throw new TesseraError('BAD_REQUEST', `At most ${mostWatches} views can be open at once.`)
    const window = openWindow(this.#parts.engine.reads, view)
    windows.set(watch, window)
    // Listening starts before the snapshot is taken, so that nothing falls between the two.
    this.#listenWhileWatched()
    try {
      return await window.snapshot()
    } catch (error) {
      windows.delete(watch)
      this.#listenWhileWatched()
      throw error
    }
  }

  #listenWhileWatched(): void {
    const watched = [...this.#viewers.values()].some((windows) => windows.size > 0)
    if (watched && this.#stopListening === null) this.#stopListening = this.#parts.bus.onAny((event) => this.#hear(event))
    if (!watched && this.#stopListening !== null) {
      this.#stopListening()
      this.#stopListening = null
    }
    this.#lookAgain()
  }

  #lookAgain(): void {
    const intervals = [...this.#viewers.values()].flatMap((windows) => [...windows.values()].flatMap(({ everyMs }) => everyMs ?? []))
    if (intervals.length === 0) {
      clearTimeout(this.#looking ?? undefined)
      this.#looking = null
    } else
      this.#looking ??= setTimeout(
        () => {
          this.#looking = null
          this.#flushSoon()
          this.#lookAgain()
        },
        Math.min(...intervals),
      ).unref()
  }

  #hear(event: DomainEvent): void {
    let concerned = false
    for (const windows of this.#viewers.values()) for (const window of windows.values()) concerned = window.hear(event) || concerned
    if (concerned) this.#flushSoon()
  }

  #flushSoon(): void {
    if (this.#flushing !== null) return
    const inMs = Math.max(0, this.#flushedAt + limits.viewIntervalMs - Date.now())
    this.#flushing = setTimeout(() => void this.#flush(), inMs)
    this.#flushing.unref()
  }

  async #flush(): Promise<void> {
    this.#flushedAt = Date.now()
    this.#flushing = null
    for (const [socket, windows] of this.#viewers) {
      for (const [watch, window] of windows) {
        try {
          const patch = await window.patch()
          if (patch !== null) socket.emit('change', { watch, patch })
        } catch (error) {
          windows.delete(watch)
          socket.emit('gone', { watch, error: toErrorBody(error) })
        }
      }
    }
  }
}
