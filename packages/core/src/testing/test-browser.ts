import { decodeStorable, encodeStorable, type Storable } from '@tessera/protocol'
import type { RedeemedOtp, WebVisitor } from '../commands.ts'
import type { Engine } from '../engine.ts'
import type { SessionId } from '../ids.ts'

const address = '10.0.0.9'
const edge = { kind: 'edge', address } as const

/** A browser with its cookie, without HTTP. */
export class TestBrowser {
  readonly #engine: Engine
  /** The session that its cookie named when it was set. */
  readonly id: SessionId
  cookie: string

  constructor(engine: Engine, { sessionId, token }: RedeemedOtp) {
    this.#engine = engine
    this.id = sessionId
    this.cookie = token
  }

  /** A visitor without a cookie. */
  static async visit(engine: Engine): Promise<TestBrowser> {
    return new TestBrowser(engine, await engine.dispatch('web.open', { address, userAgent: 'Firefox' }, edge))
  }

  /** A visitor with a one-time token; null where that is no good. */
  static async enter(engine: Engine, token: string, path = '/'): Promise<TestBrowser | null> {
    const redeemed = await engine.dispatch('otp.redeem', { token, path, address, userAgent: 'Firefox' }, edge)
    return redeemed && new TestBrowser(engine, redeemed)
  }

  async call(method: string, ...args: readonly unknown[]): Promise<Storable> {
    const { value, token } = await this.#engine.dispatch('web.call', { token: this.cookie, method, args: encodeStorable(args) }, edge)
    if (token !== null) this.cookie = token
    return decodeStorable(value)
  }

  find(): Promise<WebVisitor | null> {
    return this.#engine.dispatch('web.find', { token: this.cookie }, edge)
  }

  async close(): Promise<void> {
    await this.#engine.dispatch('web.close', { token: this.cookie }, edge)
  }
}
