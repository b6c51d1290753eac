import { connect, createServer, type Server, type Socket } from 'node:net'

/** A cable between clients and a server, which a test can cut. */
export class Wire {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #down = false

  private constructor(toPort: number, from: string) {
    this.#server = createServer((near) => {
      if (this.#down) {
        near.destroy()
        return
      }
      const far = connect({ port: toPort, host: '127.0.0.1', localAddress: from })
      this.#join(near, far)
      this.#join(far, near)
    })
  }

  /** `from`: the address of this machine that the server sees. */
  static to(port: number, { from = '127.0.0.1' }: { from?: string } = {}): Promise<Wire> {
    const wire = new Wire(port, from)
    return new Promise((resolve) => {
      wire.#server.listen(0, '127.0.0.1', () => resolve(wire))
    })
  }

  get url(): string {
    const address = this.#server.address()
    return `http://localhost:${typeof address === 'object' && address !== null ? address.port : 0}`
  }

  /** Whatever is connected loses its connection; nobody gets through until `mend`. */
  cut(): void {
    this.#down = true
    for (const socket of this.#sockets) socket.destroy()
  }

  mend(): void {
    this.#down = false
  }

  async close(): Promise<void> {
    this.cut()
    await new Promise((resolve) => {
      this.#server.close(resolve)
    })
  }

  #join(from: Socket, to: Socket): void {
    this.#sockets.add(from)
    from.pipe(to)
    from.once('error', () => to.destroy())
    from.once('close', () => {
      this.#sockets.delete(from)
      to.destroy()
    })
  }
}
