import type { QueryClient } from '@tanstack/react-query'
import type { ConsoleDownEvents, ConsoleUpEvents, ConsoleView, WatchReply } from '@tessera/protocol'
import { wireParser } from '@tessera/protocol/wire'
import { io, type Socket } from 'socket.io-client'
import { codeOfError } from '../api/failure.ts'
import { applyEvent, type LiveMessage } from './apply-event.ts'
import { ConnectionStatusStore } from './connection-status.ts'
import { type ViewKey, viewKey } from './live-value.ts'

const ackTimeoutMs = 10_000
const refusedRetryMs = 3_000

interface OpenView {
  view: ConsoleView
  key: ViewKey
  /** Counts what was asked, so that an answer to an older question is dropped. */
  asked: number
}

export interface LiveSocketOptions {
  cache: QueryClient
  onSignedOut: () => void
}

/**
 * The console's one socket. Pages open views; each change goes to the cache through `applyEvent`; after a lost connection
 * every open view is asked for again, so that the pages catch up by themselves.
 */
export class LiveSocket {
  readonly status = new ConnectionStatusStore()
  readonly #socket: Socket<ConsoleDownEvents, ConsoleUpEvents>
  readonly #views = new Map<number, OpenView>()
  readonly #options: LiveSocketOptions
  #nextWatch = 1
  #retry: ReturnType<typeof setTimeout> | null = null

  constructor(options: LiveSocketOptions) {
    this.#options = options
    this.#socket = io('/console', {
      path: '/live',
      addTrailingSlash: false,
      transports: ['websocket'],
      autoConnect: false,
      reconnectionDelay: 400,
      reconnectionDelayMax: 4_000,
      timeout: 8_000,
      parser: wireParser,
    })
    this.#listen()
  }

  connect(): void {
    this.status.connecting()
    window.addEventListener('offline', this.#onNetworkLost)
    window.addEventListener('online', this.#onNetworkBack)
    this.#socket.connect()
  }

  close(): void {
    window.removeEventListener('offline', this.#onNetworkLost)
    window.removeEventListener('online', this.#onNetworkBack)
    if (this.#retry !== null) clearTimeout(this.#retry)
    this.#socket.disconnect()
  }

  /** Opens a view; `move` shows another window of the same list, `release` closes it. */
  open(view: ConsoleView): { move: (view: ConsoleView) => void; release: () => void } {
    const watch = this.#nextWatch++
    this.#views.set(watch, { view, key: viewKey(view), asked: 0 })
    this.#ask(watch)
    return {
      move: (moved) => {
        const open = this.#views.get(watch)
        if (open === undefined) return
        open.view = moved
        this.#ask(watch)
      },
      release: () => {
        this.#views.delete(watch)
        if (this.#socket.connected) this.#socket.emit('unwatch', { watch })
      },
    }
  }

  #listen(): void {
    this.#socket.on('connect', () => {
      this.status.up()
      for (const watch of this.#views.keys()) this.#ask(watch)
    })
    this.#socket.on('disconnect', (reason) => {
      this.status.down()
      if (reason === 'io server disconnect') this.#connectLater()
    })
    this.#socket.on('connect_error', (error) => this.#onRefused(error))
    this.#socket.on('change', ({ watch, patch }) => this.#apply(watch, { type: 'change', patch }))
    this.#socket.on('gone', ({ watch, error }) => this.#apply(watch, { type: 'gone', error }))
    this.#socket.on('signedOut', () => this.#options.onSignedOut())
  }

  /** Asks for a view's state; when the answer does not come the question is put again. */
  #ask(watch: number): void {
    const open = this.#views.get(watch)
    if (open === undefined || !this.#socket.connected) return
    const asked = ++open.asked
    this.#socket.timeout(ackTimeoutMs).emit('watch', { watch, view: open.view }, (timedOut: Error | null, reply?: WatchReply) => {
      if (this.#views.get(watch)?.asked !== asked) return
      if (timedOut !== null || reply === undefined) return this.#ask(watch)
      this.#apply(watch, reply.ok ? { type: 'snapshot', state: reply.state } : { type: 'gone', error: reply.error })
    })
  }

  #apply(watch: number, message: LiveMessage): void {
    const open = this.#views.get(watch)
    if (open !== undefined) applyEvent(this.#options.cache, open.key, message)
  }

  #onRefused(error: Error): void {
    if (codeOfError(error) === 'SIGN_IN_REQUIRED') return this.#options.onSignedOut()
    this.status.down()
    // The server answered and said no: socket.io does not try again by itself.
    if (!this.#socket.active) this.#connectLater()
  }

  #connectLater(): void {
    if (this.#retry !== null) clearTimeout(this.#retry)
    this.#retry = setTimeout(() => this.#socket.connect(), refusedRetryMs)
  }

  // A browser without network does not notice that its socket is dead: cut it, and the ordinary path takes over.
  readonly #onNetworkLost = (): void => {
    this.#socket.io.engine?.close()
  }

  readonly #onNetworkBack = (): void => {
    if (!this.#socket.connected) this.#socket.disconnect().connect()
  }
}
