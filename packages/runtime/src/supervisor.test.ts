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
import { TesseraError } from '@tessera/protocol'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { blankInfo } from '../test/session-info.ts'
import type { BegunRuns } from './begun-log.ts'
import type { IsolateLink, LinkEvents } from './isolate-link.ts'
import type { Down, Up } from './messages.ts'
import { IsolatePool, type PoolOptions } from './pool.ts'
import type { WatchReport } from './watch-report.ts'

/** An isolate that does what a test tells it. */
class ScriptedLink implements IsolateLink {
  readonly pid = null
  readonly received: Down[] = []
  readonly startedAt = Date.now()
  /** Whether those that start now come to their end of loading. */
  static loads = true
  isDead = false
  refuses: Down['type'] | null = null
  /** What it notes of its runs past the channel. */
  notes: BegunRuns | null = null
  readonly #events: LinkEvents

  constructor(events: LinkEvents) {
    this.#events = events
  }

  send(message: Down): void {
    if (message.type === this.refuses) throw new TesseraError('PAYLOAD_TOO_LARGE', 'No frame can hold it.')
    this.received.push(message)
    if (message.type === 'open' && ScriptedLink.loads) queueMicrotask(() => this.say({ type: 'ready', methods: [method], database: [] }))
  }

  say(message: Up): void {
    this.#events.onMessage(message)
  }

  /** What its watchdog reports. */
  report(stuck: WatchReport['stuck'], cpu: WatchReport['cpu'] = [], rssBytes = 1): void {
    this.#events.onWatch({ rssBytes, heapBytes: 2, busy: 0.5, cpu, stuck })
  }

  die(complete = true, begun: BegunRuns | null = null, why = 'a test ended it'): void {
    if (this.isDead) return
    this.isDead = true
    this.#events.onEnded(why, complete, begun)
  }

  begun(): BegunRuns | null {
    return this.notes
  }

  stop(): Promise<void> {
    this.die()
    return Promise.resolve()
  }

  kill(why: string): void {
    this.die(true, null, why)
  }
}

const digest = asDigest('abcdef')
const method = { name: 'm', onServer: true, exposed: false, groups: [], deadlineMs: null }

describe('a pool of scripted isolates', () => {
  let links: ScriptedLink[]
  let pool: IsolatePool
  let told: unknown[][]
  let calls = 0

  beforeEach(() => openPool(null))

  /** What is different from a pool of two shared isolates that live for long. */
  let changed: Partial<PoolOptions> = {}
  let gone: Set<string>

  const openPool = async (spareAfterMs: number | null): Promise<void> => {
    gone = new Set()
    vi.useFakeTimers()
    ScriptedLink.loads = true
    links = []
    const startLink = (events: LinkEvents): ScriptedLink => {
      const link = new ScriptedLink(events)
      links.push(link)
      return link
    }
    const silent = () => {}
    pool = new IsolatePool({
      host: 'process',
      logger: { info: silent, warn: silent, error: silent },
      size: 2,
      startLink,
      openTimeoutMs: 100_000,
      backOff: { firstMs: 100, maxMs: 300, healthyMs: 5000 },
      spareAfterMs,
      residentMb: 100,
      limits: { blockedMs: 1000, longestBlockedMs: 30_000, silentMs: 3000 },
      quietMs: 60_000,
      ...changed,
    })
    changed = {}
    told = []
    pool.attach({
      seed: (id): SessionSeed | null => (gone.has(id) ? null : { facts: { id, info: blankInfo, privileges: [] }, storage: { clock: 0, slots: [] } }),
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

  test('P80 a clock that is set back holds no start up, and one that is set forward ends nothing', async () => {
    for (const link of links.slice(0, 2)) link.die()
    links[2]?.die()
    vi.setSystemTime(Date.now() - 3_600_000)
    vi.advanceTimersByTime(200)
    expect(links.filter(({ isDead }) => !isDead)).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(1)
    void run('A')
    void run('B')
    const [used] = links.filter((link) => runsOf(link) > 0)
    used?.report(stuckIn(1, 100))
    vi.setSystemTime(Date.now() + 7_200_000)
    vi.advanceTimersByTime(200)
    expect(used?.isDead).toBe(false)
    expect(told.filter(([what]) => what === 'quarantined')).toEqual([])
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

  const stuckIn = (process: number, sinceMs: number): WatchReport['stuck'] => ({ run: 1, process, method: 0, sinceMs, closing: 1 })
  const endRun = (link: ScriptedLink | undefined, session: string): void => {
    const call = link?.received.flatMap((message) => (message.type === 'run' && message.process === processOf(session).id ? [message.call] : [])).at(-1)
    if (call !== undefined) link?.say({ type: 'ended', call, process: processOf(session).id, value: '1', variables: [] })
  }
  /** The isolate says again and again that it is stuck, as its watchdog does. */
  const stayStuck = (link: ScriptedLink | undefined, fromMs: number, toMs: number): void => {
    for (let sinceMs = fromMs; sinceMs <= toMs && link?.isDead === false; sinceMs += 100) {
      link.report(stuckIn(1, sinceMs))
      vi.advanceTimersByTime(100)
    }
  }

  test('X21 who holds up nobody may block for long, but not for ever', () => {
    void run('A')
    stayStuck(links[0], 100, 29_800)
    expect(links[0]?.isDead).toBe(false)
    stayStuck(links[0], 29_900, 30_100)
    expect(links[0]?.isDead).toBe(true)
  })

  test('X21 who holds others up is ended after the limit, and named', async () => {
    const blocker = run('A')
    void run('B')
    void run('C')
    links[0]?.say({ type: 'taken', runs: 1 })
    stayStuck(links[0], 100, 900)
    expect(links[0]?.isDead).toBe(false)
    stayStuck(links[0], 1000, 1200)
    expect(links[0]?.isDead).toBe(true)
    expect(told).toEqual([
      ['blocked', 'abcdef/1', 'm'],
      ['quarantined', 'A', 'abcdef/1', 'm'],
    ])
    expect(await blocker).toMatchObject({ ok: false, error: { code: 'CALL_INTERRUPTED', message: expect.stringContaining('"m" blocked it for') } })
  })

  test('X21 an isolate of which nothing is heard any more counts as blocked', () => {
    void run('A')
    links[0]?.report(null)
    links[1]?.report(null)
    for (let second = 0; second < 3; second++) {
      vi.advanceTimersByTime(1000)
      links[1]?.report(null)
    }
    expect(told).toEqual([['blocked', 'abcdef/1', undefined]])
    links[0]?.report(null)
    expect(pool.isolates().map(({ state }) => state)).toEqual(['ready', 'ready'])
  })

  test('X22 nothing new goes to a blocked isolate: who has nothing there moves, the rest waits until it answers', () => {
    void run('A')
    void run('B')
    void run('C')
    endRun(links[0], 'C')
    links[0]?.report(stuckIn(1, 100))
    expect(pool.isolates()[0]).toMatchObject({ state: 'blocked', sessions: 1, stuckIn: { sessionId: 'A', method: 'm', sinceMs: 100 } })
    void run('A')
    void run('C')
    expect([runsOf(links[0]), runsOf(links[1])]).toEqual([2, 2])
    links[0]?.report(null)
    expect([runsOf(links[0]), runsOf(links[1])]).toEqual([3, 2])
  })

  test('X30 what surely had not begun is taken back once, and run elsewhere; what is left waits', async () => {
    const [begun, other] = [request('A'), request('A')]
    for (const each of [begun, other, request('C'), request('C')]) void pool.run(each)
    const cancelled = request('C')
    const outcome = pool.run(cancelled)
    pool.cancel(cancelled.call, 'enough')
    expect(await outcome).toMatchObject({ ok: false, error: { code: 'CALL_CANCELLED' } })
    void run('B')
    const [blocked, free] = links
    expect([runsOf(blocked), runsOf(free)]).toEqual([3, 3])
    if (blocked !== undefined) blocked.notes = { mayHaveBegun: (number) => number === 1 }
    blocked?.report(stuckIn(1, 100))
    blocked?.report(stuckIn(1, 200))
    expect(blocked?.received.filter(({ type }) => type === 'withdrawn')).toEqual([{ type: 'withdrawn', closing: 1, runs: [2, 3] }])
    // B went at once; of A the first one runs there.
    expect([runsOf(blocked), runsOf(free), pool.isolates()[0]?.callsRunning]).toEqual([3, 4, 1])
    if (free !== undefined) free.notes = { mayHaveBegun: () => false }
    free?.report(stuckIn(1, 100))
    // The one that was cancelled is answered where it is.
    expect(free?.received.find(({ type }) => type === 'withdrawn')).toMatchObject({ runs: [1, 2, 4] })
    blocked?.report(null)
    expect(blocked?.received.at(-1)).toMatchObject({ type: 'run', call: other.call })
  })

  test('X22 a call that waits for a blocked isolate can be cancelled, and goes elsewhere when that is ended', async () => {
    void run('A')
    links[0]?.report(stuckIn(1, 100))
    const held = [request('A'), request('A')] as const
    const outcomes = held.map((each) => pool.run(each))
    pool.cancel(held[0].call, 'enough')
    expect(await outcomes[0]).toMatchObject({ ok: false, error: { code: 'CALL_CANCELLED' } })
    links[0]?.say({ type: 'taken', runs: 1 })
    links[0]?.die()
    expect(links.slice(1).reduce((sum, link) => sum + runsOf(link), 0)).toBe(1)
  })

  test('X23 a session in quarantine gets an isolate of its own, and is released after it was quiet', async () => {
    void run('A')
    stayStuck(links[0], 100, 1100)
    links[0]?.report(null)
    endRun(links[0], 'A')
    void run('A')
    expect(runsOf(links[2])).toBe(1)
    expect(pool.isolates().map(({ quarantined }) => quarantined?.sessionId ?? null)).toEqual([null, null, 'A'])
    for (const session of ['B', 'C', 'D']) void run(session)
    expect(runsOf(links[2])).toBe(1)
    endRun(links[2], 'A')
    for (let second = 0; second < 62; second++) {
      links[0]?.report(null)
      await vi.advanceTimersByTimeAsync(1000)
    }
    expect(told.at(-1)).toEqual(['released', 'A'])
    expect(links[2]?.isDead).toBe(true)
    void run('A')
    expect(links).toHaveLength(3)
  })

  test('X23 calls that take turns to block are nobody’s fault', () => {
    void run('A')
    void run('B')
    void run('C')
    for (let sinceMs = 100; sinceMs < 1900; sinceMs += 100) {
      links[0]?.report(stuckIn(1 + ((sinceMs / 100) % 2), sinceMs))
      vi.advanceTimersByTime(100)
      if (sinceMs === 1500) expect(told.filter(([what]) => what === 'quarantined')).toEqual([])
    }
  })

  test('X24 the spare stands in at once for an isolate that died, and another is started', async () => {
    await openPool(500)
    expect(links).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(500)
    expect(links).toHaveLength(3)
    void run('A')
    void run('B')
    expect(runsOf(links[2])).toBe(0)
    links[0]?.die()
    expect(links).toHaveLength(4)
    void run('C')
    expect(runsOf(links[2])).toBe(1)
  })

  test('X24 the spare stands in for a blocked isolate, which is the spare once it answers', async () => {
    await openPool(500)
    await vi.advanceTimersByTimeAsync(500)
    void run('A')
    links[0]?.report(stuckIn(1, 100))
    for (const session of ['B', 'C', 'D', 'E']) void run(session)
    expect(links.map(runsOf)).toEqual([1, 2, 2])
    links[0]?.report(null)
    for (const session of ['F', 'G', 'H', 'I']) void run(session)
    expect(links.map(runsOf)).toEqual([1, 4, 4])
  })

  test('X25 an abort is told what became of the call', async () => {
    const aborted = request('A')
    void pool.run(aborted)
    const outcome = pool.abort(aborted.call, 'enough')
    expect(links[0]?.received.at(-1)).toMatchObject({ type: 'cancel', letGo: true })
    endRun(links[0], 'A')
    expect(await outcome).toBe('yielded')
    expect(await pool.abort(aborted.call, 'again')).toBe('gone')
    const stubborn = request('B')
    void pool.run(stubborn)
    const second = pool.abort(stubborn.call, 'enough')
    vi.advanceTimersByTime(300)
    expect(await second).toBe('killed')
    expect(told).toEqual([])
  })

  test('X26 a run that no isolate began is tried twice more before its caller hears of it', async () => {
    const outcome = run('A')
    const none: BegunRuns = { mayHaveBegun: () => false }
    for (let time = 1; time <= 3; time++) {
      await vi.advanceTimersByTimeAsync(6000)
      const taken = links.filter((link) => !link.isDead && runsOf(link) > 0)
      expect(taken).toHaveLength(1)
      taken[0]?.die(false, none)
    }
    expect(await outcome).toMatchObject({ ok: false, error: { code: 'CALL_NOT_STARTED' } })
  })

  /** Where the session is placed now. */
  const linkOf = (session: string): ScriptedLink | undefined =>
    links.findLast((link) => !link.isDead && link.received.some((message) => message.type === 'process' && message.process.sessionId === session))
  const alive = (): ScriptedLink[] => links.filter(({ isDead }) => !isDead)
  const answerAll = (): void => {
    for (const link of alive()) link.report(null)
  }

  test('P83 isolates that stood in and are more than wanted take no sessions, and end when nothing runs there', async () => {
    await openPool(500)
    await vi.advanceTimersByTimeAsync(500)
    const sessions = ['A', 'B', 'C', 'D', 'E']
    for (const session of sessions) {
      void run(session)
      linkOf(session)?.report(stuckIn(1, 100))
      await vi.advanceTimersByTimeAsync(1)
    }
    expect(links.length).toBeGreaterThan(4)
    answerAll()
    for (const session of sessions) endRun(linkOf(session), session)
    for (let second = 0; second < 3; second++) {
      answerAll()
      await vi.advanceTimersByTimeAsync(1000)
    }
    expect(alive()).toHaveLength(3)
    for (const session of sessions) void run(session)
    expect(alive()).toHaveLength(3)
    expect(alive().reduce((sum, link) => sum + runsOf(link), 0)).toBeGreaterThanOrEqual(5)
  })

  test('P84 isolates that are ended on purpose hold no start up', async () => {
    changed = { backOff: { firstMs: 10_000, maxMs: 60_000, healthyMs: 5000 } }
    await openPool(null)
    for (const session of ['A', 'B', 'C', 'D']) {
      void run(session)
      const link = linkOf(session)
      const ordinal = link?.received.filter(({ type }) => type === 'process').length ?? 0
      for (let sinceMs = 100; sinceMs <= 1100; sinceMs += 100) {
        link?.report(stuckIn(ordinal, sinceMs))
        vi.advanceTimersByTime(100)
      }
      link?.report(null)
      endRun(link, session)
      const quarantined = run(session)
      endRun(linkOf(session), session)
      expect(await quarantined).toMatchObject({ ok: true })
      pool.closeSession(asSessionId(session))
      await vi.advanceTimersByTimeAsync(1000)
      expect(alive()).toHaveLength(2)
    }
  })

  test('P84 where each session has its own isolate, those that die before their code is loaded hold up the next start', async () => {
    changed = { size: 1, own: { idleMs: 60_000, lingerMs: 1000 } }
    await openPool(null)
    for (let n = 0; n < 20; n++) {
      void run(`S${n}`)
      for (const link of links) if (link.received.some(({ type }) => type === 'session')) link.die()
    }
    expect(links.length).toBeLessThan(10)
    expect(await run('LAST')).toMatchObject({ ok: false, error: { code: 'CALL_NOT_STARTED' } })
  })

  test('X43 a call of a session that has ended takes no isolate', async () => {
    changed = { size: 1, own: { idleMs: 60_000, lingerMs: 1000 } }
    await openPool(null)
    gone.add('A')
    expect(await run('A')).toMatchObject({ ok: false, error: { code: 'SESSION_ENDED' } })
    expect(links).toHaveLength(1)
  })

  test('P43 a signal reaches a run that is held, and one that begins again elsewhere', () => {
    const [first, held] = [request('A'), request('A')]
    void pool.run(first)
    links[0]?.report(stuckIn(1, 100))
    void pool.run(held)
    pool.signal(held.call, 'please stop')
    links[0]?.report(null)
    expect(links[0]?.received.slice(-2)).toMatchObject([
      { type: 'run', call: held.call },
      { type: 'signal', call: held.call, reason: 'please stop' },
    ])
    links[0]?.die(false, { mayHaveBegun: (number) => number === 1 })
    expect(links[1]?.received.slice(-2)).toMatchObject([
      { type: 'run', call: held.call },
      { type: 'signal', call: held.call, reason: 'please stop' },
    ])
  })

  test.each(['session', 'process'] as const)('P85 a call whose %s no message can hold hears so, and who is named stays right', async (refuses) => {
    const [one, two] = links
    if (one === undefined || two === undefined) throw new Error('no isolates')
    one.refuses = refuses
    two.refuses = refuses
    expect(await run('LARGE')).toMatchObject({ ok: false, error: { code: 'PAYLOAD_TOO_LARGE' } })
    expect(await run('LARGE')).toMatchObject({ ok: false, error: { code: 'PAYLOAD_TOO_LARGE' } })
    one.refuses = null
    two.refuses = null
    void run('A')
    const link = runsOf(one) > 0 ? one : two
    link.report(stuckIn(1, 100))
    expect(pool.isolates().find(({ state }) => state === 'blocked')?.stuckIn).toMatchObject({ sessionId: 'A' })
  })

  test('P86 what an isolate says after its end changes nothing', () => {
    void run('A')
    links[0]?.die()
    const count = links.length
    links[0]?.report(stuckIn(1, 5000))
    links[0]?.say({ type: 'ready', methods: [method], database: [] })
    vi.advanceTimersByTime(5000)
    expect(told).toEqual([])
    expect(links).toHaveLength(count)
  })

  test('P86 a session that has ended is not sent to quarantine', () => {
    void run('A')
    links[0]?.report(stuckIn(1, 500))
    gone.add('A')
    pool.closeSession(asSessionId('A'))
    links[0]?.die()
    expect(told.filter(([what]) => what === 'quarantined')).toEqual([])
    expect([...pool.heldSessions()]).toEqual([])
  })

  test('P87 what a call left behind counts: an isolate that passes its memory with no call running is ended', () => {
    expect(links[0]?.isDead).toBe(false)
    links[0]?.report(null, [], 100 * 1_048_576)
    expect(links[0]?.isDead).toBe(false)
    links[0]?.report(null, [], 100 * 1_048_576 + 1)
    expect(links[0]?.isDead).toBe(true)
  })

  test('P88 what waits for code that still loads has not begun, also where its isolate is stopped', async () => {
    ScriptedLink.loads = false
    links[0]?.die()
    links[1]?.die()
    const outcome = run('A')
    await pool.stop()
    expect(await outcome).toMatchObject({ ok: false, error: { code: 'CALL_NOT_STARTED' } })
  })

  test('P89 who aborts a call that waits behind another’s loop ends neither the isolate nor its neighbours', async () => {
    const [loops, waits] = [request('A'), request('C')]
    void pool.run(loops)
    void run('B')
    const outcome = pool.run(waits)
    links[0]?.report(stuckIn(1, 200))
    const aborted = pool.abort(waits.call, 'enough')
    vi.advanceTimersByTime(300)
    expect([await aborted, links[0]?.isDead]).toEqual(['yielded', false])
    expect(await outcome).toMatchObject({ ok: false, error: { code: 'CALL_CANCELLED', message: 'enough' } })
    const culprit = pool.abort(loops.call, 'enough')
    vi.advanceTimersByTime(300)
    expect([await culprit, links[0]?.isDead]).toEqual(['killed', true])
  })

  test('P84 while the isolates of sessions in quarantine die as they start, their calls are told when to come again', async () => {
    void run('A')
    stayStuck(links[0], 100, 1100)
    links[0]?.report(null)
    endRun(links[0], 'A')
    for (let death = 0; death < 3; death++) {
      void run('A')
      linkOf('A')?.die(false)
      vi.advanceTimersByTime(death === 1 ? 100 : 0)
    }
    expect(await run('A')).toMatchObject({ ok: false, error: { code: 'CALL_NOT_STARTED', retryAfterMs: 200 } })
    expect(await Promise.race([run('B'), 'waits'])).toBe('waits')
  })
})
