import type { Unsubscribe } from '@tessera/kit'
import { type MessageDown, type OrderDown, type ProgressDown, type ReloadDown, type RemoteHandshake, TesseraError, type Welcome } from '@tessera/protocol'
import type { Absence } from './absence.ts'
import type { ServerAddress } from './address.ts'
import { pause } from './calls.ts'
import { Comeback } from './comeback.ts'
import { Requests } from './requests.ts'
import type { Surroundings } from './surroundings.ts'
import { type DownListener, type Leave, openTransport, type Transport } from './transport.ts'

/** What the link tells its owner. */
export interface LinkListener {
  message(message: MessageDown, received: () => void): void
  order(order: OrderDown, received: () => void): void
  reload(message: ReloadDown): void
  progress(message: ProgressDown): void
  /** The connection was lost; the session may still be taken up again for `graceMs`. */
  away(graceMs: number): void
  /** The connection was given up until the next request, as the server had asked. */
  postponed(): void
  /** `silently`: it was given up by agreement, and nobody needs to know that it is back. */
  resumed(welcome: Welcome, silently: boolean): void
  /** The session is over and nothing brings it back. */
  ended(code: string, reason: string): void
}

export interface LinkOptions {
  address: ServerAddress
  introduction: RemoteHandshake
  surroundings: Surroundings
}

interface Waiter {
  resolve(): void
  reject(error: Error): void
}

/** How long a program that is about to be stopped waits to say so over a connection that it must open first. */
const hurryMs = 2000

const expiry: Readonly<Record<Absence['kind'], string>> = {
  lost: 'The client did not come back in time.',
  sleep: 'The session of the sleeping client expired.',
  postponed: 'The postponed session expired.',
}

/**
 * Keeps one session connected: a connection that was lost is opened again with the latest resume token for as long as the
 * server keeps the session; one that was given up (asleep, postponed) at the next request, or when woken.
 */
export class SessionLink {
  readonly requests = new Requests(() => this.#wanted())
  readonly #options: LinkOptions
  readonly #listener: LinkListener
  readonly #waiters = new Set<Waiter>()
  #transport: Transport | null = null
  #welcome: Welcome | null = null
  #absence: Absence | null = null
  #ended: TesseraError | null = null
  /** The owner's wish, until something is asked or it wakes. */
  #asleep = false

  constructor(options: LinkOptions, listener: LinkListener) {
    this.#options = options
    this.#listener = listener
  }

  /** @throws ConnectionRefused, TesseraError `SERVER_UNREACHABLE`; it may be tried again. */
  async open(): Promise<Welcome> {
    const { introduction } = this.#options
    const transport = await this.#openTransport(introduction)
    this.#welcome = transport.welcome
    this.#connected(transport)
    return transport.welcome
  }

  /** Says goodbye, over a new connection where this one was given up, and ends. */
  async close(why: TesseraError): Promise<void> {
    const left = this.#absence !== null && this.#absence.kind !== 'lost'
    const transport = this.#transport
    if (this.#ended !== null) return
    this.#end(why)
    const last = left ? await this.#knock().catch(() => null) : transport
    await last?.goodbye()
  }

  /** Tells the server that this client goes to sleep, and stays away until something is asked, or `wake`. */
  async sleep(): Promise<void> {
    if (this.#ended !== null) return
    this.#asleep = true
    await this.#absence?.leaving
    // A postponed session is kept for a shorter time than a sleeping one: the server must hear of it.
    if (this.#absence?.kind === 'postponed') this.#comeBack(this.#absence)
    const { comeback } = this.#absence ?? {}
    if (comeback?.trying === true) await Promise.race([comeback.tryNow(), pause(this.#options.surroundings, hurryMs)])
    if (this.#asleep) await this.#fallAsleep()
  }

  /** Connects again. @throws TesseraError `SESSION_ENDED` where the session is over. */
  wake(): Promise<void> {
    this.#asleep = false
    if (this.#ended !== null) return Promise.reject(this.#ended)
    if (this.#transport !== null && !this.#transport.doubtful) return Promise.resolve()
    const woken = new Promise<void>((resolve, reject) => {
      this.#waiters.add({ resolve, reject })
    })
    if (this.#absence !== null) this.#comeBack(this.#absence)
    return woken
  }

  /** Something waits for the connection: one that was given up is opened again. */
  #wanted(): void {
    this.#asleep = false
    const absence = this.#absence
    if (absence !== null && (absence.comeback === null || absence.comeback.stopped)) this.#comeBack(absence)
  }

  #connected(transport: Transport): void {
    this.#transport = transport
    if (this.#ended !== null) transport.abandon()
    else if (transport.open) this.#go(transport)
    else this.#lost()
  }

  #go(transport: Transport): void {
    transport.send('confirm', { token: transport.welcome.resumeToken }, () => undefined)
    this.requests.connected(transport)
    this.#awake()
  }

  #awake(): void {
    for (const { resolve } of this.#waiters) resolve()
    this.#waiters.clear()
  }

  #down(): DownListener {
    return {
      message: (message, received) => this.#listener.message(message, received),
      order: (order, received) => this.#listener.order(order, received),
      reload: (message) => this.#listener.reload(message),
      progress: (message) => this.#listener.progress(message),
      postpone: () => this.#postponeWanted(),
      closing: ({ code, reason }) => this.#over(code, reason),
      heard: () => {
        this.requests.heard()
        if (this.#transport !== null) this.#awake()
      },
      lost: () => this.#lost(),
    }
  }

  #postponeWanted(): void {
    if (this.#options.introduction.mayPostpone && this.requests.idle && this.#transport !== null) void this.#leave('postponed', this.#transport)
  }

  #fallAsleep(): Promise<void> {
    if (this.#transport !== null) return this.#leave('sleep', this.#transport)
    const absence = this.#absence
    if (absence === null || absence.leaving !== null) return absence?.leaving ?? Promise.resolve()
    absence.comeback?.stop()
    absence.release()
    absence.release = this.#stayAlive(absence.until)
    return Promise.resolve()
  }

  /** Gives the connection up, with the server's knowledge. Where something is asked meanwhile it is opened again at once. */
  #leave(kind: Leave, transport: Transport): Promise<void> {
    const keptMs = 1000 * (kind === 'sleep' ? transport.welcome.sleepSeconds : transport.welcome.postponedSeconds)
    const until = this.#options.surroundings.now() + keptMs
    const absence: Absence = { kind, until, told: false, leaving: null, comeback: null, release: this.#stayAlive(until) }
    this.#transport = null
    this.requests.lost()
    this.#absence = absence
    const leaving = transport.tell(kind).then((answer) => {
      absence.leaving = null
      if (answer === 'refused' && kind === 'postponed' && this.#absence === absence) this.#stay(transport)
      else {
        transport.abandon()
        this.#left(absence)
      }
    })
    absence.leaving = leaving
    return leaving
  }

  /** The server would rather have it stay. */
  #stay(transport: Transport): void {
    this.#noLongerAbsent()
    this.#connected(transport)
  }

  #left(absence: Absence): void {
    if (this.#absence !== absence) return
    if (absence.kind === 'postponed') this.#listener.postponed()
    const wanted = absence.kind === 'sleep' ? !this.#asleep : !this.requests.idle || this.#waiters.size > 0
    if (wanted) this.#comeBack(absence)
  }

  /** Without a connection nothing else might keep the program running. */
  #stayAlive(until: number): Unsubscribe {
    const { surroundings } = this.#options
    return surroundings.after(until - surroundings.now(), () => undefined)
  }

  #lost(): void {
    if (this.#ended !== null || this.#transport === null) return
    const graceMs = (this.#welcome?.graceSeconds ?? 0) * 1000
    this.#transport = null
    this.requests.lost()
    const until = this.#options.surroundings.now() + graceMs
    const absence: Absence = { kind: 'lost', until, told: true, leaving: null, comeback: null, release: () => {} }
    this.#absence = absence
    this.#listener.away(graceMs)
    // Whoever was told may have closed the session.
    if (this.#absence !== absence) return
    absence.comeback ??= this.#newComeback(absence)
    absence.comeback.tryLater()
  }

  /** Tries at once; while the server still hears that this client leaves, right after that. */
  #comeBack(absence: Absence): void {
    if (absence.leaving !== null) return
    absence.comeback ??= this.#newComeback(absence)
    void absence.comeback.tryNow()
  }

  #newComeback(absence: Absence): Comeback {
    const { surroundings } = this.#options
    const graceMs = (this.#welcome?.graceSeconds ?? 0) * 1000
    return new Comeback({
      surroundings,
      giveUpAt: absence.kind === 'lost' ? absence.until : Math.max(absence.until, surroundings.now() + graceMs),
      knock: () => this.#knock(),
      back: (transport) => this.#back(absence, transport),
      failed: () => this.#stillAway(absence),
      over: (code, reason) => this.#over(code, code === 'SESSION_ENDED' && this.#expired(absence) ? expiry[absence.kind] : reason),
    })
  }

  /** A server that has let a session go may not remember which of its limits that was. */
  #expired({ until }: Absence): boolean {
    return this.#options.surroundings.now() >= until
  }

  /** Takes the session up with its latest token. */
  #knock(): Promise<Transport> {
    const { user: _user, password: _password, ...known } = this.#options.introduction
    return this.#openTransport({ ...known, resume: this.#welcome?.resumeToken ?? '' })
  }

  #openTransport(auth: RemoteHandshake): Promise<Transport> {
    const { address, surroundings } = this.#options
    return openTransport({ address, auth, surroundings }, this.#down())
  }

  /** What was given up comes back without a word, unless that takes more than one attempt. */
  #stillAway(absence: Absence): void {
    if (absence.told) return
    absence.told = true
    this.#listener.away(Math.max(0, absence.until - this.#options.surroundings.now()))
  }

  #back(absence: Absence, transport: Transport): void {
    if (this.#ended !== null) {
      void transport.goodbye()
      return
    }
    this.#noLongerAbsent()
    // The owner knows of the new welcome before what waited is sent: process numbers come from there.
    this.#welcome = transport.welcome
    this.#listener.resumed(transport.welcome, absence.kind === 'postponed' && !absence.told)
    this.#connected(transport)
    if (this.#asleep) void this.#fallAsleep()
  }

  #noLongerAbsent(): void {
    this.#absence?.release()
    this.#absence?.comeback?.stop()
    this.#absence = null
  }

  #over(code: string, reason: string): void {
    if (this.#ended !== null) return
    const transport = this.#transport
    this.#end(new TesseraError('SESSION_ENDED', `The session has ended: ${reason}`))
    transport?.abandon()
    this.#listener.ended(code, reason)
  }

  #end(why: TesseraError): void {
    this.#ended = why
    this.#noLongerAbsent()
    this.#transport = null
    this.requests.end(why)
    for (const { reject } of this.#waiters) reject(why)
    this.#waiters.clear()
  }
}
