import fc from 'fast-check'
import { expect, test } from 'vitest'
import { asSessionId, asVersionId, type SessionId } from '../ids.ts'
import { MemoryEventBus } from '../memory/memory-event-bus.ts'
import { IdleSweep } from '../session/idle-sweep.ts'
import { Session } from '../session/session.ts'
import { Sessions } from '../session/sessions.ts'
import { StorageDocument } from '../storage/storage-document.ts'
import { Turns } from '../storage/turns.ts'
import { HeldJournal, PlainHasher, RecordingLogger, ScriptedIsolateHost, SeededIds, settle, TestClock, TestPacker } from '../testing/index.ts'
import { Version } from '../version/version.ts'
import { Otps } from './otp.ts'
import { restoreOtps } from './restore-otps.ts'
import { RolesInForce } from './roles-in-force.ts'
import { WebKeys } from './web-keys.ts'

const kinds = ['create', 'create', 'redeem', 'redeem', 'keep', 'keep', 'fail', 'time', 'end', 'kill', 'kill untold'] as const
interface Step {
  kind: (typeof kinds)[number]
  pick: number
}
const step: fc.Arbitrary<Step> = fc.record({ kind: fc.constantFrom(...kinds), pick: fc.nat(1000) })

/** A token as somebody outside knows it. */
interface KnownToken {
  token: string
  session: SessionId
  expiresAt: number
  winners: number
  /** A take was under way when the server was killed: it may have been one, of which nobody heard. */
  isUnsure: boolean
}

const visitor = { address: '10.0.0.9', userAgent: 'Firefox' }
const version = new Version({
  id: asVersionId('20260105.1'),
  package: new TestPacker(new ScriptedIsolateHost()).pack({}),
  methods: [],
  publishedAt: 0,
  publishedBy: 'start',
  state: 'current',
})

type Life = ReturnType<typeof startLife>

/** The rooms of one server, from its start to its end. */
const startLife = ({ clock, ids, journal }: { clock: TestClock; ids: SeededIds; journal: HeldJournal }) => {
  const logger = new RecordingLogger()
  const ports = { clock, ids, journal, logger, hasher: new PlainHasher(), bus: new MemoryEventBus(logger) }
  const sessions = new Sessions(new RolesInForce())
  const sweep = new IdleSweep(clock, { isNeeded: () => sessions.hasTokens, sweep: () => undefined })
  const keys = new WebKeys(ports, { sessions, sweep })
  return { sessions, keys, sweep, otps: new Otps(ports, { sessions, keys, sweep }) }
}

const newSession = (clock: TestClock, id: SessionId): Session => {
  const where = { machineName: '', systemUserName: '', hostType: '', address: '' }
  const holds = { roles: new RolesInForce(), storage: new StorageDocument(1000), turns: new Turns(clock), version }
  const session = new Session({ id, kind: 'remote', user: { id: 1, name: 'ana' }, createdAt: clock.now(), now: clock.now(), ...where, ...holds })
  session.move({ name: 'active', connection: 1 }, clock.now())
  return session
}

/** Three sessions, their tokens, and a server that is killed now and then; notes what must never happen. */
class World {
  readonly faults: string[] = []
  readonly #clock = new TestClock()
  readonly #ids = new SeededIds(1)
  readonly #journal = HeldJournal.held()
  readonly #alive = new Set<SessionId>(['A', 'B', 'C'].map(asSessionId))
  readonly #tokens: KnownToken[] = []
  readonly #redeeming = new Map<KnownToken, number>()
  #life: Life = this.#start()

  async take({ kind, pick }: Step): Promise<void> {
    if (kind === 'create') this.#create(pick)
    else if (kind === 'redeem') this.#redeem(pick)
    else if (kind === 'keep') await this.#journal.keep()
    else if (kind === 'fail') this.#journal.fail()
    else if (kind === 'time') await this.#clock.advance(pick * 20)
    else if (kind === 'end') this.#end(pick)
    else await this.#kill(kind === 'kill untold')
    await settle()
  }

  /** In peace each token that nobody had, of a session that lives, gets exactly one in, and the counts are right. */
  async finish(): Promise<void> {
    await this.#journal.keep()
    await settle()
    await this.#journal.keep()
    for (const known of this.#tokens) {
      const isGood = this.#alive.has(known.session) && this.#clock.now() < known.expiresAt && known.winners === 0 && !known.isUnsure
      const before = known.winners
      for (let n = 0; n < 3; n++) this.#attempt(known)
      for (let turn = 0; turn < 3; turn++) {
        await settle()
        await this.#journal.keep()
      }
      await settle()
      if (isGood && known.winners !== before + 1) this.faults.push('a good token got nobody in')
    }
    for (const session of this.#life.sessions.all()) this.#checkCounts(session)
  }

  #create(pick: number): void {
    const session = this.#sessionOf(pick)
    if (session === undefined) return
    const lifespanSeconds = 10 + (pick % 50)
    const expiresAt = this.#clock.now() + lifespanSeconds * 1000
    const life = this.#life
    const made = life.otps.create(session, { lifespanSeconds, purpose: 'web-share', path: null })
    made.then(
      (token) => this.#tokens.push({ token, session: session.id, expiresAt, winners: 0, isUnsure: false }),
      () => undefined,
    )
  }

  #redeem(pick: number): void {
    const known = this.#tokens[pick % Math.max(1, this.#tokens.length)]
    if (known !== undefined) for (let n = 0; n <= pick % 8; n++) this.#attempt(known)
  }

  #attempt(known: KnownToken): void {
    const mustFail = this.#clock.now() >= known.expiresAt || !this.#alive.has(known.session) || known.winners > 0
    this.#redeeming.set(known, (this.#redeeming.get(known) ?? 0) + 1)
    const done = (): void => void this.#redeeming.set(known, (this.#redeeming.get(known) ?? 1) - 1)
    this.#life.otps.redeem(known.token, '/', visitor).then((redeemed) => {
      done()
      if (redeemed === null) return
      known.winners += 1
      if (mustFail) this.faults.push('redeemed when it was good no longer')
      if (known.winners > 1) this.faults.push('redeemed twice')
      if (!this.#alive.has(known.session)) this.faults.push('redeemed for a session that has ended')
      if (this.#life.keys.find(redeemed.token)?.session.id !== known.session) this.faults.push('the share is not there')
    }, done)
  }

  #end(pick: number): void {
    // The last one stays, so that there is something to tell.
    const session = this.#alive.size > 1 ? this.#sessionOf(pick) : undefined
    if (session === undefined) return
    this.#alive.delete(session.id)
    session.move({ name: 'closed', code: 'SESSION_ENDED', reason: '', at: this.#clock.now() }, this.#clock.now())
    void this.#journal.forget(session.id).catch(() => undefined)
    this.#life.sessions.remove(session)
  }

  /** Nothing of this life answers any more; the next one has what was kept. */
  async #kill(isUntold: boolean): Promise<void> {
    if (isUntold) await this.#journal.keep({ isTold: false })
    else this.#journal.lose()
    for (const [known, count] of this.#redeeming) if (count > 0) known.isUnsure = true
    this.#redeeming.clear()
    this.#life.sweep.stop()
    this.#life = this.#start()
    const { sessions } = await this.#journal.load()
    for (const session of this.#life.sessions.all()) restoreOtps(this.#life, session, sessions.get(session.id) ?? new Map())
  }

  #start(): Life {
    const life = startLife({ clock: this.#clock, ids: this.#ids, journal: this.#journal })
    for (const id of this.#alive) life.sessions.add(newSession(this.#clock, id))
    return life
  }

  #sessionOf(pick: number): Session | undefined {
    return this.#life.sessions.find([...this.#alive][pick % this.#alive.size] ?? '')
  }

  #checkCounts(session: Session): void {
    const { live, issued, redeemed, expired } = session.otps.counts(this.#clock.now())
    if (live + redeemed + expired !== issued) this.faults.push(`the counts do not add up: ${JSON.stringify(session.otps.counts(this.#clock.now()))}`)
    const won = this.#tokens.filter(({ session: of, winners }) => of === session.id && winners > 0).length
    const unsure = this.#tokens.filter(({ session: of, isUnsure }) => of === session.id && isUnsure).length
    if (redeemed < won || redeemed > won + unsure) this.faults.push(`${redeemed} were counted as redeemed, ${won} were`)
  }
}

test('O13 whatever happens, kills and full disks included, a token gets one in at most, and never after its time or its session', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
      const world = new World()
      for (const each of steps) await world.take(each)
      await world.finish()
      expect(world.faults).toEqual([])
    }),
    { numRuns: 200 },
  )
})

test('O10 a part that cannot be read is told as damage', () => {
  const clock = new TestClock()
  const life = startLife({ clock, ids: new SeededIds(1), journal: HeldJournal.held() })
  for (const [part, text] of [
    ['otp:counts', '{"issued":"many"}'],
    ['otp:abc', 'not JSON'],
    ['otp:abc', '{"state":"live","path":5,"expiresAt":1}'],
    ['share:abc', '5'],
  ] as const) {
    const restore = (): void => restoreOtps(life, newSession(clock, asSessionId('A')), new Map([[part, text]]))
    expect(restore).toThrow(expect.objectContaining({ code: 'JOURNAL_DAMAGED' }))
  }
})
