import {
  asCallId,
  asDigest,
  asProcessId,
  asSessionId,
  type ProcessFacts,
  type RunOutcome,
  type RunRequest,
  type SessionSeed,
  usualExecution,
} from '@tessera/core'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { BegunRuns } from './begun-log.ts'
import type { IsolateLink, LinkEvents } from './isolate-link.ts'
import type { Down, Up } from './messages.ts'
import { IsolatePool } from './pool.ts'
import type { WatchReport } from './watch-report.ts'

/** An isolate that does what a test tells it. */
class ScriptedLink implements IsolateLink {
  readonly pid = null
  readonly received: Down[] = []
  readonly startedAt = Date.now()
  isDead = false
  readonly #events: LinkEvents

  constructor(events: LinkEvents) {
    this.#events = events
  }

  send(message: Down): void {
    this.received.push(message)
    if (message.type === 'open') queueMicrotask(() => this.say({ type: 'ready', methods: [], database: [] }))
  }

  say(message: Up): void {
    this.#events.onMessage(message)
  }

  /** What its watchdog reports. */
  report(stuck: WatchReport['stuck'], cpu: WatchReport['cpu'] = []): void {
    this.#events.onWatch({ rssBytes: 1, heapBytes: 2, busy: 0.5, cpu, stuck })
  }

  die(complete = true, begun: BegunRuns | null = null): void {
    if (this.isDead) return
    this.isDead = true
    this.#events.onEnded('a test ended it', complete, begun)
  }

  stop(): Promise<void> {
    this.die()
    return Promise.resolve()
  }

  kill(): void {
    this.die()
  }
}

const digest = asDigest('abcdef')
const info = {
  type: 'remote',
  userName: '',
  machineName: '',
  systemUserName: '',
  IPAddress: '',
  hostType: '',
  creationDateTime: '',
  state: 'active',
  ID: '',
  persistentID: '',
} as const

describe('a pool of scripted isolates', () => {
  let links: ScriptedLink[]
  let pool: IsolatePool
  let told: unknown[][]
  let calls = 0

  beforeEach(() => openPool(null))

  const openPool = async (spareAfterMs: number | null): Promise<void> => {
    vi.useFakeTimers()
    links = []
    const startLink = (events: LinkEvents): ScriptedLink => {
      const link = new ScriptedLink(events)
      links.push(link)
      return link
    }
    const silent = () => {}
    pool = new IsolatePool({
      logger: { info: silent, warn: silent, error: silent },
      size: 2,
      startLink,
      openTimeoutMs: 100_000,
      backOff: { firstMs: 100, maxMs: 300, healthyMs: 5000 },
      spareAfterMs,
      limits: { blockedMs: 1000, longestBlockedMs: 30_000, silentMs: 3000 },
      quietMs: 60_000,
    })
    told = []
    pool.attach({
      seed: (id): SessionSeed => ({ facts: { id, info, privileges: [] }, storage: { clock: 0, slots: [] } }),
      answer: () => Promise.reject(new Error('nobody asks')),
      progressed: silent,
      isolateStarted: silent,
      isolateEnded: silent,
      isolateBlocked: ({ id }, call) => told.push(['blocked', id, call?.method]),
      sessionQuarantined: (session, { id }, method) => told.push(['quarantined', session, id, method]),
      sessionReleased: (session) => told.push(['released', session]),
    })
    await pool.openVersion({ digest, directory: '/nowhere', execution: usualExecution })
  }

  afterEach(() => vi.useRealTimers())

  const processOf = (session: string): ProcessFacts => ({ id: asProcessId(`${session}-1`), number: 1, name: 'main', sessionId: asSessionId(session) })
  const request = (session: string): RunRequest => ({
    call: asCallId(`c${++calls}`),
    digest,
    process: processOf(session),
    target: { kind: 'method', name: 'm' },
    args: '[]',
    onServerOnly: true,
    resultBytes: 1000,
  })
  const run = (session: string): Promise<RunOutcome> => pool.run(request(session))
  const runsOf = (link: ScriptedLink | undefined): number => link?.received.filter(({ type }) => type === 'run').length ?? 0

  test('X5 sessions are spread over the isolates, and stay where they are', () => {
    for (const session of ['A', 'B', 'C', 'D', 'A', 'A', 'B']) void run(session)
    expect(pool.isolates().map(({ sessions }) => sessions)).toEqual([2, 2])
    expect(links.map(runsOf)).toEqual([4, 3])
    expect(links.map(({ received }) => received.filter(({ type }) => type === 'session').length)).toEqual([2, 2])
  })

  test('X3 what an isolate took is interrupted, what it did not take was not started', async () => {
    const outcomes = [run('A'), run('A'), run('A')]
    links[0]?.say({ type: 'taken', runs: 2 })
    links[0]?.die()
    expect((await Promise.all(outcomes.slice(0, 2))).map((outcome) => !outcome.ok && outcome.error.code)).toEqual(['CALL_INTERRUPTED', 'CALL_INTERRUPTED'])
    expect(runsOf(links[1])).toBe(1)
  })

  test('X3 where its last words were lost, everything counts as started', async () => {
    const outcome = run('A')
    links[0]?.die(false)
    expect(await outcome).toMatchObject({ ok: false, error: { code: 'CALL_INTERRUPTED' } })
  })

  test('X3 what waits for code that is never loaded was not started', async () => {
    links[0]?.die()
    links[1]?.die()
    const outcome = run('A')
    links[2]?.say({ type: 'taken', runs: 1 })
    links[2]?.die()
    // Begun again elsewhere where there is anything; here nothing is for now.
    expect(await outcome).toMatchObject({ ok: false, error: { code: 'CALL_NOT_STARTED' } })
  })

  test('X3 a replacement starts at once, the next ones after pauses that grow up to a limit', async () => {
    const pauses: number[] = []
    for (let death = 0; death < 6; death++) {
      const count = links.length
      const diedAt = Date.now()
      links.at(-1)?.die()
      while (links.length === count) vi.advanceTimersByTime(10)
      pauses.push(Date.now() - diedAt)
    }
    expect(pauses).toEqual([0, 100, 200, 300, 300, 300])
    await vi.advanceTimersByTimeAsync(5000)
    const count = links.length
    links.at(-1)?.die()
    expect(links).toHaveLength(count + 1)
  })

  test('X3 while no isolate is there, calls are told when to come again', async () => {
    links[0]?.die()
    links[1]?.die()
    links[2]?.die()
    expect(await run('A')).toMatchObject({ ok: false, error: { code: 'CALL_NOT_STARTED', retryAfterMs: 200 } })
    vi.advanceTimersByTime(200)
    void run('A')
    expect(runsOf(links[3]) + runsOf(links[4])).toBe(1)
  })

  test('X3 after a death its sessions are placed again, with seed and variables', async () => {
    const outcome = run('A')
    const [call] = links[0]?.received.flatMap((message) => (message.type === 'run' ? [message.call] : [])) ?? []
    if (call === undefined) throw new Error('no call')
    links[0]?.say({ type: 'ended', call, process: processOf('A').id, value: '1', variables: [['cart', '[1]']] })
    expect(await outcome).toMatchObject({ ok: true, value: '1' })
    links[0]?.die()
    void run('A')
    expect(links[1]?.received.map(({ type }) => type)).toEqual(['open', 'session', 'process', 'run'])
    expect(links[1]?.received[2]).toMatchObject({ variables: [['cart', '[1]']] })
  })

  test('X11 the outcome of a cancelled call is settled at once, and its isolate counts it until it ends', async () => {
    const cancelled = request('A')
    const outcome = pool.run(cancelled)
    pool.cancel(cancelled.call, 'enough')
    expect(await outcome).toMatchObject({ ok: false, error: { code: 'CALL_CANCELLED', message: 'enough' } })
    expect(pool.isolates()[0]?.callsRunning).toBe(1)
    links[0]?.say({ type: 'ended', call: cancelled.call, process: cancelled.process.id, value: '1', variables: [] })
    expect(pool.isolates()[0]?.callsRunning).toBe(0)
  })
})
