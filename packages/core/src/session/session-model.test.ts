import fc from 'fast-check'
import { expect, test } from 'vitest'
import { histories, historiesTimeoutMs } from '../../test/histories.ts'
import type { DomainEvent } from '../events.ts'
import { createGate, type Gate, type TestClient, TestEngine, type TestProcess, type TestProject } from '../testing/index.ts'

const kinds = [
  'connect',
  'call',
  'wait',
  'open process',
  'close process',
  'lose',
  'resume',
  'close',
  'disconnect',
  'end',
  'reload',
  'move',
  'publish',
  'procedure',
  'let go',
  'time',
  'sleep',
  'postpone',
  'message',
  'received',
  'confirm',
  'hold',
  'release',
  'full',
  'kill',
] as const
interface Step {
  kind: (typeof kinds)[number]
  pick: number
  /** Whether everything that can happen happens before the next step. */
  settled: boolean
}
const step: fc.Arbitrary<Step> = fc.record({ kind: fc.constantFrom(...kinds), pick: fc.nat(1000), settled: fc.boolean() })

/** A server that lives through random steps, and notes what must never happen. */
class Story {
  readonly faults: string[] = []
  readonly #closed = new Set<string>()
  /** Processes that Open Connection accepted; of these, those that somebody was told of; and those whose farewell was cut short. */
  readonly #accepted = new Set<string>()
  readonly #announced = new Set<string>()
  readonly #interrupted = new Set<string>()
  readonly #farewells = new Map<string, number>()
  readonly #clients: TestClient[] = []
  readonly #processes: TestProcess[] = []
  readonly #gates: Gate[] = []
  /** Versions that sessions are on their way to. */
  readonly #targets: string[] = []
  readonly #projects: TestProject[]
  engine: TestEngine
  #ending = false
  #killed = false

  constructor() {
    this.#projects = [1, 2, 3].map(() => this.#project())
    this.engine = new TestEngine({ project: this.#projects[0] ?? {}, maxClients: 4, graceSeconds: 30, sleepSeconds: 50, postponedSeconds: 40 })
    this.#listen()
  }

  #listen(): void {
    const { engine } = this
    engine.ports.bus.onAny((event) => {
      // What a server that was killed would have told, nobody hears.
      if (this.engine === engine) this.#hear(event)
    })
  }

  #hear(event: DomainEvent): void {
    if (event.name === 'session.closed') this.#closed.add(event.sessionId)
    else if (event.name === 'session.restored' && this.#closed.has(event.sessionId)) this.faults.push('a session that was told closed came back')
    else if (event.name === 'process.opened') this.#announced.add(event.processId)
    else if (event.name === 'process.closeInterrupted') this.#interrupted.add(event.processId)
    else if (event.name === 'call.started' && this.#closed.has(event.sessionId) && event.method !== 'onServerCloseConnection')
      this.faults.push(`${event.method} began in a closed session`)
    else if (event.name === 'call.ended' && event.method === 'onServerOpenConnection' && event.ok && !this.#refuses(event.processId))
      this.#accepted.add(event.processId)
  }

  /** Begins the step and does not wait for it: what comes next may overtake it. */
  begin({ kind, pick }: Step): void {
    const act = this.#acts[kind](pick)
    void act.catch(() => undefined)
  }

  check(): void {
    const { rows, counts } = this.engine.reads.sessionsWindow({
      query: { text: '', chips: [] },
      sort: { column: 'createdAt', direction: 'ascending' },
      offset: 0,
      limit: 100,
    })
    expect(counts.remote).toBe(rows.filter(({ kind }) => kind === 'remote').length)
    expect(counts.counted).toBeLessThanOrEqual(4)
    expect([this.faults, this.engine.host.faults]).toEqual([[], []])
    for (const [process, times] of this.#farewells) expect([process, times]).toEqual([process, 1])
  }

  /** With nothing in between: each version is alive if and only if it is current or somebody is on it. */
  async checkVersions(): Promise<void> {
    // An act that waits for the journal keeps its version meanwhile.
    if (this.engine.journal.waiting > 0) return
    const { versions, current } = await this.engine.reads.versions()
    const { rows } = this.engine.reads.sessions({
      query: { text: '', chips: [] },
      sort: { column: 'createdAt', direction: 'ascending' },
      limit: 100,
      cursor: null,
    })
    const pins = rows.flatMap(({ version, pendingReload }) => [version.id, ...(pendingReload === null ? [] : [pendingReload.version])])
    const pinned = new Set([...pins, ...this.#targets])
    const running = this.engine.reads.procedures().some(({ state }) => state === 'executing')
    for (const { id, state, sessions } of versions) {
      if (state === 'current') expect(id).toBe(current)
      else if (state === 'retired') expect([id, sessions, pins.includes(id)]).toEqual([id, 0, false])
      else expect([id, state, pinned.has(id) || running]).toEqual([id, 'draining', true])
    }
    expect(this.engine.host.isolates()).toHaveLength(versions.filter(({ state }) => state !== 'retired').length)
  }

  /** Everybody leaves. */
  async end(): Promise<void> {
    this.#ending = true
    for (const gate of this.#gates) gate.open()
    await this.engine.journal.release()
    await this.engine.clock.advance(60_000)
    await this.engine.operator.disconnect({})
    await this.engine.clock.advance(60_000)
    this.check()
    const unsaid = [...this.#announced].filter((process) => !this.#farewells.has(process) && !this.#interrupted.has(process))
    const unasked = [...this.#farewells.keys()].filter((process) => !this.#accepted.has(process))
    expect([unsaid, unasked]).toEqual([[], []])
    if (!this.#killed) expect([...this.#farewells.keys()].sort()).toEqual([...this.#accepted].sort())
    expect((await this.engine.journal.load()).sessions.size).toBe(1)
    expect((await this.engine.reads.server()).sessions).toMatchObject({ remote: 0, storedProcedures: 1 })
    expect(this.engine.host.held).toMatchObject({ variables: 0, inFlight: 0 })
    expect(this.engine.host.isolates()).toHaveLength(1)
    expect(this.engine.clock.pending).toBe(0)
  }

  readonly #acts: Record<Step['kind'], (pick: number) => Promise<unknown>> = {
    connect: async () => {
      this.#clients.push(await this.engine.connect(null, { mayPostpone: true }))
    },
    call: async (pick) => this.#client(pick).call('quick'),
    wait: async (pick) => this.#process(pick).call('wait'),
    'open process': async (pick) => {
      this.#processes.push(await this.#client(pick).process('more'))
    },
    'close process': async (pick) => this.#process(pick).close(),
    lose: async (pick) => this.#client(pick).lose(),
    resume: async (pick) => this.#client(pick).resume(),
    close: async (pick) => this.#client(pick).close(),
    disconnect: async (pick) => this.engine.operator.disconnect(this.#client(pick)),
    end: async (pick) => this.engine.operator.end(this.#client(pick), { graceSeconds: pick % 20 }),
    reload: async (pick) => this.engine.operator.reload(pick % 3 === 0 ? {} : this.#client(pick)),
    move: async (pick) => {
      const client = this.#client(pick)
      const current = (await this.engine.reads.server()).version?.id ?? ''
      const target = this.engine.reads.pendingReload(client.id)?.version.id ?? current
      this.#targets.push(target)
      return client.move(target).finally(() => this.#targets.splice(this.#targets.indexOf(target), 1))
    },
    publish: async (pick) => this.engine.publish(this.#projects[pick % this.#projects.length] ?? {}),
    procedure: async () => this.engine.operator.startProcedure('wait'),
    'let go': async () => this.#gates.shift()?.open(),
    time: async (pick) => this.engine.clock.advance(pick * 20),
    sleep: async (pick) => this.#client(pick).leave('sleep'),
    postpone: async (pick) => this.#client(pick).leave('postpone'),
    message: async (pick) => this.engine.operator.message(this.#client(pick), 'hello'),
    received: async (pick) => this.#client(pick).received(pick % 3),
    confirm: async (pick) => this.#client(pick).confirm(),
    hold: async () => this.engine.journal.hold(),
    release: async (pick) => this.engine.journal.release(pick % 3 === 0 ? Number.POSITIVE_INFINITY : pick % 3),
    full: async () => this.engine.journal.fill(),
    kill: async () => this.#kill(),
  }

  /** Whatever was under way is gone; the next server has what was durable. */
  async #kill(): Promise<void> {
    const { engine } = this
    // What has nothing to do with the journal is through: its stores belong to the next server from then on.
    await engine.settle()
    if (this.engine !== engine) return
    this.#killed = true
    this.#targets.length = 0
    this.engine = this.engine.kill()
    this.#listen()
    for (const client of this.#clients) client.follow(this.engine.engine)
    await this.engine.start()
  }

  #project(): TestProject {
    return {
      methods: { quick: () => 'quick', wait: () => this.#wait() },
      database: {
        onServerOpenConnection: async (scope) => {
          if (scope.process.number % 5 === 0) await this.#wait()
          return this.#refuses(scope.process.id) ? 1 : 0
        },
        onServerCloseConnection: async (scope) => {
          this.#farewells.set(scope.process.id, (this.#farewells.get(scope.process.id) ?? 0) + 1)
          if (scope.process.number % 4 === 0) await this.#wait()
        },
      },
    }
  }

  /** About one process in eight, and always the same. */
  #refuses(process: string): boolean {
    return 'AB'.includes(process.slice(3, 4))
  }

  #wait(): Promise<void> {
    const gate = createGate()
    if (this.#ending) gate.open()
    this.#gates.push(gate)
    return gate.passed
  }

  #client(pick: number): TestClient {
    const client = this.#clients[pick % Math.max(1, this.#clients.length)]
    if (client === undefined) throw new Error('nobody is there')
    return client
  }

  #process(pick: number): Pick<TestProcess, 'call' | 'close'> {
    const process = this.#processes[pick % Math.max(1, this.#processes.length)]
    return pick % 2 === 0 && process !== undefined ? process : this.#client(pick)
  }
}

test(
  'S3, S4, S5, S14, S19, P5, V5, V11 whatever happens in whatever order, sessions end once, farewells are said once, and versions live as long as they are needed',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
        const story = new Story()
        await story.engine.start()
        for (const one of [{ kind: 'connect' as const, pick: 0, settled: true }, ...steps]) {
          story.begin(one)
          if (one.settled) await story.engine.settle()
          story.check()
          if (one.settled) await story.checkVersions()
        }
        await story.end()
      }),
      histories(),
    )
  },
  historiesTimeoutMs,
)
