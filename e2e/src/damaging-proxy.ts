import { createServer, request, type Server } from 'node:http'

export type Damage = (bytes: Buffer) => Buffer

export const damages: Readonly<Record<'altered' | 'cut short' | 'too long', Damage>> = {
  altered: (bytes) => Buffer.from(bytes.map((byte, index) => (index === 0 ? byte ^ 1 : byte))),
  'cut short': (bytes) => bytes.subarray(0, -1),
  'too long': (bytes) => Buffer.concat([bytes, Buffer.from(' ')]),
}

/** Stands between a client and the packages of a server, and hands on something else than came. */
export class DamagingProxy {
  readonly #server: Server

  private constructor(target: string, damage: Damage) {
    this.#server = createServer((incoming, outgoing) => {
      const asked = request(`${target}${incoming.url ?? '/'}`, { headers: incoming.headers, agent: false }, (answer) => {
        const pieces: Buffer[] = []
        answer.on('data', (piece: Buffer) => pieces.push(piece))
        answer.once('end', () => {
          outgoing.writeHead(answer.statusCode ?? 502)
          outgoing.end(damage(Buffer.concat(pieces)))
        })
      })
      asked.once('error', () => outgoing.destroy())
      asked.end()
    })
  }

  static before(target: string, damage: Damage): Promise<DamagingProxy> {
    const proxy = new DamagingProxy(target, damage)
    return new Promise((resolve) => {
      proxy.#server.listen(0, '127.0.0.1', () => resolve(proxy))
    })
  }

  get url(): string {
    const address = this.#server.address()
    return `http://localhost:${typeof address === 'object' && address !== null ? address.port : 0}`
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => {
      this.#server.close(resolve)
    })
  }
}
