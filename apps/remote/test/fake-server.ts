import { createHash } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CallUp, decodeStorable, encodeStorable, type PackageManifest, payloadText, type Storable, toErrorBody } from '@tessera/protocol'
import { wireParser } from '@tessera/protocol/wire'
import { Server, type Socket } from 'socket.io'

const sha256 = (bytes: string): string => createHash('sha256').update(bytes).digest('hex')

/** Manifests travel in canonical JSON: sorted keys. */
const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(members.map(([key, member]) => [key, sorted(member)]))
}

/** Publishes client halves that a test writes, and answers calls: the wire protocol without an engine. */
export class FakeServer {
  readonly calls: { process: number; method: string; args: Storable }[] = []
  /** What came with each call besides, and what was cancelled. */
  readonly extras: Omit<CallUp, 'process' | 'method' | 'args'>[] = []
  readonly cancelled: string[] = []
  readonly closedProcesses: number[] = []
  readonly moves: string[] = []
  readonly fetched: string[] = []
  /** `sleep` and `postponed`, as they came. */
  readonly left: string[] = []
  /** Whether the next welcome is one after a restart of the server. */
  restarted = false
  /** What came of registering and orders. */
  readonly heard: [string, unknown][] = []
  byes = 0
  methods: Record<string, (...args: Storable[]) => Storable | Promise<Storable>> = {}
  version = { id: '', digest: '' }
  readonly #bodies = new Map<string, string>()
  readonly #versions = new Map<string, { id: string; digest: string }>()
  readonly #sockets = new Set<Socket>()
  readonly #http = createServer((request, response) => this.#send(request.url ?? '', response))
  readonly #io = new Server(this.#http, { path: '/live', addTrailingSlash: false, transports: ['websocket'], parser: wireParser })

  static async start(): Promise<FakeServer> {
    const server = new FakeServer()
    server.#io.of('/remote').on('connection', (socket) => server.#connected(socket))
    await new Promise<void>((resolve) => server.#http.listen(0, '127.0.0.1', resolve))
    return server
  }

  get address(): string {
    const { port } = this.#http.address() as AddressInfo
    return `127.0.0.1:${port}`
  }

  /** Makes a package of these files; the first one published is what clients get. */
  publish(id: string, files: Record<string, string>): { id: string; digest: string } {
    const listed = Object.entries(files)
      .sort()
      .map(([path, text]) => ({ path, sha256: sha256(text), bytes: Buffer.byteLength(text) }))
    const manifest: PackageManifest = {
      format: 1,
      project: 'Test',
      kit: '0.1.0',
      clientRange: { min: 1, max: 1 },
      client: { files: listed },
      server: { listing: sha256(id), files: 0, bytes: 0 },
    }
    const text = JSON.stringify(sorted(manifest))
    const version = { id, digest: sha256(text) }
    this.#bodies.set(`/package/${version.digest}`, text)
    for (const [path, body] of Object.entries(files)) this.#bodies.set(`/package/blob/${listed.find((file) => file.path === path)?.sha256}`, body)
    this.#versions.set(id, version)
    if (this.version.id === '') this.version = version
    return version
  }

  /** Other bytes than the digest of this text names. */
  damage(text: string): void {
    this.#bodies.set(`/package/blob/${sha256(text)}`, 'x'.repeat(Buffer.byteLength(text)))
  }

  say(event: string, message: unknown): void {
    for (const socket of this.#sockets) socket.emit(event, message, () => undefined)
  }

  order(order: number, method: string, ...args: Storable[]): void {
    this.say('order', { order, method, args: encodeStorable(args), from: 'ann' })
  }

  reload(id: string, graceMs: number): void {
    const deadlineAt = new Date(Date.now() + graceMs).toISOString()
    this.say('reload', { version: this.#versions.get(id), deadlineAt, graceMs, reason: 'New prices' })
  }

  get connections(): number {
    return this.#sockets.size
  }

  cut(): void {
    for (const socket of this.#sockets) socket.conn.close()
  }

  async stop(): Promise<void> {
    await this.#io.close()
  }

  #connected(socket: Socket): void {
    let processes = 1
    this.#sockets.add(socket)
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
    socket.on('openProcess', (_message, reply) => {
      processes += 1
      reply({ ok: true, value: { process: processes, id: String(processes) } })
    })
    socket.on('closeProcess', ({ process }: { process: number }, reply) => {
      this.closedProcesses.push(process)
      reply({ ok: true, value: null })
    })
    socket.on('startProcedure', ({ method }: { method: string }, reply) => reply({ ok: true, value: { processId: `id of ${method}`, number: -9 } }))
    socket.on('watchProcedure', ({ processId }: { processId: string }, reply) => {
      reply({ ok: true, value: { fraction: 0.5, text: 'half' } })
      socket.emit('progress', { processId, fraction: 0.75, text: 'more' })
    })
    socket.on('procedureResult', ({ processId }: { processId: string }, reply) =>
      setTimeout(reply, 50, { ok: true, value: JSON.stringify(`result of ${processId}`) }),
    )
    socket.on('cancelProcedure', (_message, reply) => reply({ ok: false, error: { code: 'ILLEGAL_STATE', message: 'Over.' } }))
    for (const verb of ['register', 'unregister', 'orderDone']) {
      socket.on(verb, (message: unknown, reply) => {
        this.heard.push([verb, message])
        reply({ ok: true, value: null })
      })
    }
    for (const leave of ['sleep', 'postponed']) {
      socket.on(leave, (_message, reply) => {
        this.left.push(leave)
        reply({ ok: true, value: null })
      })
    }
    socket.on('move', ({ version }: { version: string }, reply) => {
      this.moves.push(version)
      this.version = this.#versions.get(version) ?? this.version
      reply({ ok: true, value: { version: this.version, ticket: 'ticket' } })
    })
    socket.emit('welcome', {
      sessionId: 'A'.repeat(32),
      resumeToken: 'token',
      version: this.version,
      ticket: 'ticket',
      mainProcess: 1,
      processes: [],
      resumed: false,
      restarted: this.restarted,
      userName: '',
      graceSeconds: 900,
      sleepSeconds: 172_800,
      postponedSeconds: 28_800,
      payloadBytes: 1_048_576,
      toldOrder: 0,
    })
  }

  async #call({ process, method, args: given, ...extra }: CallUp, reply: (answer: unknown) => void): Promise<void> {
    const args = decodeStorable(payloadText(given))
    this.calls.push({ process, method, args })
    this.extras.push(extra)
    try {
      reply({ ok: true, value: encodeStorable(await this.methods[method]?.(...(Array.isArray(args) ? args : []))) })
    } catch (error) {
      reply({ ok: false, error: toErrorBody(error) })
    }
  }

  #send(url: string, response: ServerResponse): void {
    this.fetched.push(url)
    const body = this.#bodies.get(url)
    response.writeHead(body === undefined ? 404 : 200).end(body)
  }
}
