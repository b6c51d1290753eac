import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { decodeStorable, type ErrorBody, encodeStorable, type RemoteHandshake, type Reply, type Storable, toErrorBody, type Welcome } from '@tessera/protocol'
import { Server, type Socket } from 'socket.io'

type Method = (...args: Storable[]) => Storable | Promise<Storable>

/** A server that speaks the wire protocol and does what a test says: one session, real sockets, no engine. */
export class FakeServer {
  readonly handshakes: RemoteHandshake[] = []
  readonly calls: { process: number; method: string; args: Storable }[] = []
  readonly moves: string[] = []
  readonly opened: string[] = []
  readonly closedProcesses: number[] = []
  readonly methods = new Map<string, Method>()
  readonly pages = new Map<string, (request: IncomingMessage, response: ServerResponse) => void>()
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
  readonly #io = new Server(this.#http, {
    path: '/live',
    addTrailingSlash: false,
    transports: ['websocket'],
    perMessageDeflate: false,
    allowRequest: (_request, answer) => {
      this.attempts += 1
      answer(null, this.listening)
    },
  })

  static async start(): Promise<FakeServer> {
    const server = new FakeServer()
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
    socket.on('disconnect', () => this.#sockets.delete(socket))
    socket.on('bye', () => {
      this.byes += 1
      socket.disconnect(true)
    })
    socket.on('call', (message: { process: number; method: string; args: string }, reply) => void this.#call(message, reply))
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
    socket.on('catalog', (_message, reply) => reply({ ok: true, value: { revision: 1, tables: [], relations: [], indexes: [] } }))
    socket.emit('welcome', this.#welcomeFor(socket))
    for (const [event, message] of this.rightAfterWelcome) socket.emit(event, message)
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
      userName: 'ann',
      graceSeconds: 900,
      payloadBytes: 1_048_576,
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

  async #call(message: { process: number; method: string; args: string }, reply: (answer: Reply<string>) => void): Promise<void> {
    const args = decodeStorable(message.args)
    this.calls.push({ process: message.process, method: message.method, args })
    try {
      const method = this.methods.get(message.method)
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
