import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  type CallUp,
  decodeStorable,
  type ErrorBody,
  encodeStorable,
  type OrderOutcome,
  payloadText,
  type RemoteHandshake,
  type Reply,
  type Storable,
  toErrorBody,
  type Welcome,
} from '@tessera/protocol'
import { wireParser } from '@tessera/protocol/wire'
import { Server, type Socket } from 'socket.io'

type Method = (...args: Storable[]) => Storable | Promise<Storable>

/** A server that speaks the wire protocol and does what a test says: one session, real sockets, no engine. */
export class FakeServer {
  readonly handshakes: RemoteHandshake[] = []
  readonly calls: { process: number; method: string; args: Storable }[] = []
  /** What came with each call besides, and what was cancelled. */
  readonly extras: Omit<CallUp, 'process' | 'method' | 'args'>[] = []
  readonly cancelled: string[] = []
  readonly moves: string[] = []
  readonly opened: string[] = []
  readonly closedProcesses: number[] = []
  readonly methods = new Map<string, Method>()
  /** What was asked of stored procedures, in order. */
  readonly procedures: [event: string, message: unknown][] = []
  answerProcedures: (event: string, reply: (answer: Reply<unknown>) => void) => void = () => undefined
  readonly pages = new Map<string, (request: IncomingMessage, response: ServerResponse) => void>()
  /** What was confirmed, left for and received, in order. */
  readonly confirmed: string[] = []
  readonly left: string[] = []
  readonly received: number[] = []
  /** What `sleep` and `postponed` are answered with; null: nothing. */
  answerToLeave: Reply<null> | null = { ok: true, value: null }
  /** What was said about orders, and registering, in order. */
  readonly heard: string[] = []
  pongs = 0
  /** Whether the connection is lost when an order is done. */
  cutAtDone = false
  byes = 0
  attempts = 0
  /** False: connections are turned away below the protocol, as by a machine without a server. */
  listening = true
  /** What the next handshakes are answered with, first come first served; then they are let in. */
  refusals: ErrorBody[] = []
  welcome: Partial<Welcome> = {}
  version = { id: '20261122.1', digest: 'a'.repeat(64) }
  /** Emitted in the same breath as the welcome. */
  rightAfterWelcome: [string, unknown][] = []
  #resumes = 0
  #processes = new Map<number, string>()
  #sockets = new Set<Socket>()
  readonly #http = createServer((request, response) => this.#page(request, response))
  readonly #io: Server

  private constructor(heartbeat: { pingInterval: number; pingTimeout: number }) {
    this.#io = new Server(this.#http, {
      path: '/live',
      addTrailingSlash: false,
      transports: ['websocket'],
      perMessageDeflate: false,
      parser: wireParser,
      ...heartbeat,
      allowRequest: (_request, answer) => {
        this.attempts += 1
        answer(null, this.listening)
      },
    })
  }

  /** A sign of life each hour, unless told otherwise: out of the way of tests that move the clock. */
  static async start(heartbeat = { pingInterval: 3_600_000, pingTimeout: 20_000 }): Promise<FakeServer> {
    const server = new FakeServer(heartbeat)
    server.#serve()
    await new Promise<void>((resolve) => server.#http.listen(0, '127.0.0.1', resolve))
    return server
  }

  get address(): string {
    const { port } = this.#http.address() as AddressInfo
    return `127.0.0.1:${port}`
  }

  say(event: string, message: unknown): void {
    for (const socket of this.#sockets) socket.emit(event, message)
  }

  /** A message that wants to be acknowledged. */
  message(number: number, text: string): void {
    for (const socket of this.#sockets) socket.emit('message', { number, text, at: '2026-11-22T12:00:00.000Z' }, () => this.received.push(number))
  }

  order(order: number, method: string, ...args: Storable[]): void {
    const message = { order, method, args: encodeStorable(args), from: 'ann' }
    for (const socket of this.#sockets) socket.emit('order', message, () => this.heard.push(`has ${order}`))
  }

  /** Gives a sign of life at once. */
  ping(): void {
    for (const socket of this.#sockets) socket.conn.transport.send([{ type: 'ping' }])
  }

  /** Says nothing more to whoever is connected, and keeps their connections. */
  hush(): void {
    for (const socket of this.#sockets) socket.conn.transport.send = () => undefined
  }

  get connections(): number {
    return this.#sockets.size
  }

  /** Cuts every connection without a word. */
  cut(): void {
    for (const socket of this.#sockets) socket.conn.close()
  }

  async stop(): Promise<void> {
    await this.#io.close()
  }

  #serve(): void {
    const remote = this.#io.of('/remote')
    remote.use((socket, next) => {
      this.handshakes.push(socket.handshake.auth as RemoteHandshake)
      const refusal = this.refusals.shift()
      next(refusal ? Object.assign(new Error(refusal.code), { data: refusal }) : undefined)
    })
    remote.on('connection', (socket) => this.#connection(socket))
  }

  #connection(socket: Socket): void {
    this.#sockets.add(socket)
    socket.conn.on('packet', ({ type }) => {
      if (type === 'pong') this.pongs += 1
    })
    socket.on('disconnect', () => this.#sockets.delete(socket))
    socket.on('bye', () => {
      this.byes += 1
      socket.disconnect(true)
    })
    socket.on('call', (message: CallUp, reply) => void this.#call(message, reply))
    socket.on('cancelCall', ({ request }: { request: string }, reply) => {
      this.cancelled.push(request)
      reply({ ok: true, value: null })
    })
    socket.on('openProcess', ({ name }: { name: string }, reply) => this.#open(name, reply))
    socket.on('closeProcess', ({ process }: { process: number }, reply) => {
      this.closedProcesses.push(process)
      reply(this.#processes.delete(process) ? { ok: true, value: null } : { ok: false, error: { code: 'PROCESS_NOT_FOUND', message: 'No such process.' } })
    })
    socket.on('move', ({ version }: { version: string }, reply) => {
      this.moves.push(version)
      this.version = { id: version, digest: 'b'.repeat(64) }
      reply({ ok: true, value: { version: this.version, ticket: `ticket of ${version}` } })
    })
    socket.on('register', ({ name }: { name: string }, reply) => {
      this.heard.push(`register ${name}`)
      reply({ ok: true, value: null })
    })
    socket.on('orderDone', ({ order, outcome }: { order: number; outcome: OrderOutcome }, reply) => {
      this.heard.push(`${order} ${outcome.ok ? outcome.value : outcome.error.code}`)
      if (this.cutAtDone) this.cut()
      else reply({ ok: true, value: null })
    })
    socket.on('confirm', ({ token }: { token: string }, reply) => {
      this.confirmed.push(token)
      reply({ ok: true, value: null })
    })
    for (const leave of ['sleep', 'postponed']) {
      socket.on(leave, (_message, reply) => {
        this.left.push(leave)
        if (this.answerToLeave !== null) reply(this.answerToLeave)
      })
    }
    for (const event of ['startProcedure', 'procedureResult', 'watchProcedure', 'cancelProcedure']) {
      socket.on(event, (message: unknown, reply) => {
        this.procedures.push([event, message])
        this.answerProcedures(event, reply)
      })
    }
    socket.on('catalog', (_message, reply) => reply({ ok: true, value: { revision: 1, tables: [], relations: [], indexes: [] } }))
    socket.emit('welcome', this.#welcomeFor(socket))
    for (const [event, message] of this.rightAfterWelcome) socket.emit(event, message, () => undefined)
  }

  #welcomeFor(socket: Socket): Welcome {
    this.#resumes += 1
    const resumed = 'resume' in socket.handshake.auth
    return {
      sessionId: 'A'.repeat(32),
      resumeToken: `token ${this.#resumes}`,
      version: this.version,
      ticket: `ticket ${this.#resumes}`,
      mainProcess: 1,
      processes: [...this.#processes].map(([process, name]) => ({ process, name })),
      resumed,
      restarted: false,
      userName: 'ann',
      graceSeconds: 900,
      sleepSeconds: 172_800,
      postponedSeconds: 28_800,
      payloadBytes: 1_048_576,
      toldOrder: 0,
      ...this.welcome,
    }
  }

  #open(name: string, reply: (answer: Reply<{ process: number; id: string }>) => void): void {
    this.opened.push(name)
    const process = 1 + this.opened.length
    this.#processes.set(process, name)
    if (name === 'unanswered') this.cut()
    else reply({ ok: true, value: { process, id: String(process) } })
  }

  async #call({ process, method: name, args: given, ...extra }: CallUp, reply: (answer: Reply<string>) => void): Promise<void> {
    const args = decodeStorable(payloadText(given))
    this.calls.push({ process, method: name, args })
    this.extras.push(extra)
    try {
      const method = this.methods.get(name)
      const value = await method?.(...(Array.isArray(args) ? args : []))
      reply({ ok: true, value: encodeStorable(value) })
    } catch (error) {
      reply({ ok: false, error: toErrorBody(error) })
    }
  }

  #page(request: IncomingMessage, response: ServerResponse): void {
    const page = this.pages.get((request.url ?? '').split('?')[0] ?? '')
    if (page) page(request, response)
    else response.writeHead(404).end()
  }
}
