import { TesseraError } from '@tessera/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { histories, historiesTimeoutMs } from '../../test/histories.ts'
import type { WaitingOrder } from '../commands.ts'
import type { DomainEvent, EventOf } from '../events.ts'
import { type TestClient, TestEngine } from '../testing/index.ts'

const kinds = [
  'connect',
  'register',
  'unregister',
  'order',
  'order many',
  'cancel',
  'hear',
  'answer',
  'lose',
  'resume',
  'take over',
  'close',
  'end',
  'time',
  'hold',
  'release',
  'full',
  'kill',
] as const
interface Step {
  kind: (typeof kinds)[number]
  pick: number
  settled: boolean
}
const step: fc.Arbitrary<Step> = fc.record({ kind: fc.constantFrom(...kinds), pick: fc.nat(1000), settled: fc.boolean() })

/** A client's program: it runs each order once, as the SDK does, whatever it is told again. */
class Program {
  readonly client: TestClient
  /** Told and not heard yet: what a connection that is lost takes with it. */
  wire: WaitingOrder[] = []
  last = 0
  running: WaitingOrder | null = null
  #answer: { number: number; value: unknown } | null = null
  /** Orders up to this number were told to the program before; null until this one was welcomed. */
  #foreign: number | null

  constructor(client: TestClient, foreign: number | null) {
    this.client = client
    this.#foreign = foreign
  }

  async resume(): Promise<void> {
    this.wire = []
    const { order, toldOrder } = await this.client.resume()
    this.#foreign ??= toldOrder
    if (order !== null) this.wire.unshift(order)
  }

  /** Answers the order that begins here now. */
  hear(): WaitingOrder | null {
    if (this.#foreign === null) return null
    const order = this.wire.shift()
    if (order === undefined) return null
    void this.client.orderReceived(order.number).catch(() => undefined)
    if (order.number <= this.#foreign) this.#say(order.number, 'not mine')
    else if (order.number > this.last) {
      this.last = order.number
      this.running = order
      return order
    } else if (this.#answer?.number === order.number) this.#say(order.number, this.#answer.value)
    return null
  }

  answer(): void {
    if (this.running === null) return
    this.#answer = { number: this.running.number, value: this.running.method }
    this.running = null
    this.#say(this.#answer.number, this.#answer.value)
  }

  #say(number: number, value: unknown): void {
    void this.client.orderDone(number, value).catch(() => undefined)
  }
}

/** A server that lives through random steps with its clients' programs, and notes what must never happen. */
class Story {
  engine = new TestEngine({ graceSeconds: 30 })
  readonly faults: string[] = []
  readonly #programs: Program[] = []
  readonly #ran = new Set<string>()
  readonly #lastRun = new Map<string, number>()
  readonly #sent: string[] = []
  #settled = new Map<string, number>()
  #asked = 0

  async start(): Promise<void> {
    await this.engine.start()
    this.#listen()
  }

  begin({ kind, pick }: Step): void {
    const act = async (): Promise<unknown> => this.#acts[kind](pick)
    void act().catch(() => undefined)
  }

  /** Everybody answers what is under way, then everybody leaves. */
  async end(): Promise<void> {
    // A server that is just being killed is not the one that is asked below.
    await this.engine.settle()
    await this.engine.journal.release()
    await this.engine.settle()
    await this.engine.clock.advance(6000)
    await this.#catchUp()
    await this.engine.operator.disconnect({})
    await this.engine.clock.advance(60_000)
    for (const id of this.#sent) this.#checkSettled(id)
    expect(this.faults).toEqual([])
    expect(this.engine.reads.clients()).toEqual([])
    expect((await this.engine.journal.load()).sessions.size).toBe(1)
    expect(this.engine.clock.pending).toBe(0)
  }

  /** Of the server before, and of what ended long ago, nothing is known. */
  #checkSettled(id: string): void {
    try {
      for (const { state } of this.engine.reads.order(id).recipients) if (state !== 'done' && state !== 'failed') this.faults.push('an order was never settled')
    } catch (error) {
      if (!(error instanceof TesseraError) || error.code !== 'SENDING_NOT_FOUND') throw error
    }
  }

  /** Whoever still can comes back, and carries out all that waits for him. */
  async #catchUp(): Promise<void> {
    for (const program of this.#programs) void program.resume().catch(() => undefined)
    for (let rounds = 0; rounds < 100; rounds += 1) {
      await this.engine.settle()
      const busy = this.#programs.filter(({ wire, running }) => wire.length > 0 || running !== null)
      if (busy.length === 0) break
      for (const program of busy) {
        this.#hear(program)
        program.answer()
      }
    }
    if (this.engine.reads.clients().some(({ pending }) => pending > 0)) this.faults.push('an order was never told')
  }

  readonly #acts: Record<Step['kind'], (pick: number) => Promise<unknown>> = {
    connect: async () => {
      // The server may have been killed meanwhile.
      const client = (await this.engine.connect()).follow(this.engine.engine)
      this.#programs.push(new Program(client, 0))
      await client.register('till')
    },
    register: (pick) => this.#program(pick).client.register('till'),
    unregister: (pick) => this.#program(pick).client.unregister(),
    order: () => this.#order('till'),
    'order many': () => this.#order('@'),
    cancel: async (pick) => this.engine.operator.dispatch('order.cancel', { id: this.#sent[pick % Math.max(1, this.#sent.length)] ?? '' }),
    hear: async (pick) => this.#hear(this.#program(pick)),
    answer: async (pick) => this.#program(pick).answer(),
    lose: async (pick) => {
      const program = this.#program(pick)
      program.wire = []
      await program.client.lose()
    },
    resume: (pick) => this.#program(pick).resume(),
    'take over': (pick) => this.#takeOver(this.#program(pick)),
    close: (pick) => this.#program(pick).client.close(),
    end: (pick) => this.engine.operator.end(this.#program(pick).client, { graceSeconds: pick % 5 }),
    time: (pick) => this.engine.clock.advance(pick * 20),
    hold: async () => this.engine.journal.hold(),
    release: (pick) => this.engine.journal.release(pick % 3 === 0 ? Number.POSITIVE_INFINITY : pick % 3),
    full: async () => this.engine.journal.fill(),
    kill: () => this.#kill(),
  }

  async #order(name: string): Promise<void> {
    this.#asked += 1
    const { id } = await this.engine.operator.order(name, `m${this.#asked}`)
    this.#sent.push(id)
  }

  /** The program is gone, and another takes its session over. */
  #takeOver(program: Program): Promise<void> {
    const next = new Program(program.client, null)
    this.#programs.splice(this.#programs.indexOf(program), 1, next)
    return next.resume()
  }

  #hear(program: Program): void {
    const order = program.hear()
    if (order === null) return
    const { id } = program.client
    const key = `${id} ${order.method}`
    if (this.#ran.has(key)) this.faults.push('an order ran twice')
    if (order.number <= (this.#lastRun.get(id) ?? 0)) this.faults.push('orders ran out of order')
    this.#ran.add(key)
    this.#lastRun.set(id, order.number)
  }

  #listen(): void {
    const { engine } = this
    this.#settled = new Map()
    engine.ports.bus.onAny((event) => {
      if (this.engine === engine) this.#note(event)
    })
  }

  #note(event: DomainEvent): void {
    if (event.name === 'order.told') this.#told(event)
    if (event.name !== 'order.ended') return
    const key = `${event.sessionId} ${event.number}`
    this.#settled.set(key, (this.#settled.get(key) ?? 0) + 1)
    if (this.#settled.get(key) !== 1) this.faults.push('an order was settled twice')
  }

  #told({ sessionId, order }: EventOf<'order.told'>): void {
    const program = this.#programs.find(({ client }) => client.id === sessionId)
    if (program?.running != null && program.running.number < order.number) this.faults.push('an order was told before the one before it was done')
    program?.wire.push(order)
  }

  async #kill(): Promise<void> {
    const { engine } = this
    await engine.settle()
    if (this.engine !== engine) return
    this.#sent.length = 0
    this.engine = engine.kill()
    this.#listen()
    for (const program of this.#programs) {
      program.wire = []
      program.client.follow(this.engine.engine)
    }
    await this.engine.start()
  }

  #program(pick: number): Program {
    const program = this.#programs[pick % Math.max(1, this.#programs.length)]
    if (program === undefined) throw new Error('nobody is there')
    return program
  }
}

test(
  'P72, P73, P74, P75, S19 whatever is ordered, lost, resumed, taken over, killed or ended: an order runs once at most, in its order, and is settled once',
  async () => {
    const { numRuns = 0, ...parameters } = histories()
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
        const story = new Story()
        await story.start()
        for (const one of [{ kind: 'connect' as const, pick: 0, settled: true }, ...steps]) {
          story.begin(one)
          if (one.settled) await story.engine.settle()
        }
        await story.end()
      }),
      { ...parameters, numRuns: Math.ceil(numRuns / 5) },
    )
  },
  historiesTimeoutMs,
)
