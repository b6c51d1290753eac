import { setImmediate as nextTurn } from 'node:timers/promises'
import type { JournalContents, JournalDamage, JournalEntry, Logger, SessionJournal } from '@tessera/core'
import { TesseraError } from '@tessera/protocol'
import type { JournalReply } from './journal/journal-messages.ts'
import type { RefusalCode } from './journal/journal-refused.ts'
import { JournalWorker } from './journal/journal-worker.ts'
import { parseDamage } from './journal/parse-damage.ts'

export interface SessionJournalOptions {
  /** Absolute path. Files beside it whose names begin with its name belong to it. */
  file: string
  logger?: Logger
}

export interface DurableSessionJournal extends SessionJournal {
  /** Waits for what is under way; what comes later is refused. */
  close(): Promise<void>
}

/**
 * Keeps the sessions in one SQLite file, in a thread of its own: a slow disk does not block the caller's. What is asked for while the
 * disk is busy is kept together, in one transaction. The file is opened by `load`, and nothing is touched before.
 * `load` also throws TesseraError `DATA_DIR_UNWRITABLE`.
 */
export const openSessionJournal = async (options: SessionJournalOptions): Promise<DurableSessionJournal> => new SqliteSessionJournal(options)

/** Characters of one group, after which another is begun: no burst becomes a transaction without bound. */
const groupCharacters = 16_000_000

/** Appends that go to the disk together. `fields` and `sizes` are as in the messages of the thread. */
interface Group {
  fields: (string | null)[]
  sizes: number[]
  characters: number
  asked: { resolve(): void; reject(error: TesseraError): void }[]
}

type Field = JournalEntry | { session: string; part: null; text: null }

class SqliteSessionJournal implements DurableSessionJournal {
  readonly #file: string
  readonly #logger: Logger | undefined
  readonly #worker: JournalWorker
  #groups: Group[] = []
  #writing: Promise<void> | null = null
  #state: 'new' | 'loaded' | 'closed' = 'new'

  constructor({ file, logger }: SessionJournalOptions) {
    this.#file = file
    this.#logger = logger
    this.#worker = new JournalWorker(file, (reason) => logger?.warn('The session journal could not be folded, and grows.', { file, reason }))
  }

  async load(): Promise<JournalContents> {
    if (this.#state !== 'new') throw new TesseraError('INTERNAL', 'A session journal is loaded once.')
    const { fields, damage } = await this.#open()
    if (this.#state === 'new') this.#state = 'loaded'
    return { sessions: toSessions(fields), damage: parseDamage(damage) }
  }

  append(entries: readonly JournalEntry[]): Promise<void> {
    return this.#ask(entries)
  }

  forget(session: string): Promise<void> {
    return this.#ask([{ session, part: null, text: null }])
  }

  async close(): Promise<void> {
    this.#state = 'closed'
    await this.#writing
    // Also where it is still loading: the thread is asked one thing after the other.
    if (this.#worker.isAlive) await this.#worker.ask({ type: 'close' })
  }

  async #open(): Promise<Extract<JournalReply, { type: 'loaded' }>> {
    const reply = await this.#worker.ask({ type: 'load', at: new Date().toISOString() })
    if (reply.type === 'loaded') {
      this.#report(parseDamage(reply.damage))
      return reply
    }
    const { code, message } = failureOf(reply)
    if (code !== null) throw new TesseraError(code, message)
    throw new TesseraError(
      'DATA_DIR_UNWRITABLE',
      `The session journal ${this.#file} cannot be opened: ${message}. Check that its folder belongs to this user and has space.`,
    )
  }

  #report(damage: JournalDamage | null): void {
    if (damage === null) return
    const { what, entriesCut, sessions, file } = damage
    this.#logger?.error('The session journal was damaged; what can be read was kept.', { detail: what, entriesCut, sessions: sessions.length, aside: file })
  }

  #ask(entries: readonly Field[]): Promise<void> {
    if (this.#state !== 'loaded') return Promise.reject(this.#unwritable(this.#state === 'new' ? 'it was not loaded' : 'it is closed'))
    return new Promise((resolve, reject) => {
      addTo(this.#openGroup(), entries, { resolve, reject })
      this.#writing ??= this.#writeAll()
    })
  }

  #openGroup(): Group {
    const last = this.#groups.at(-1)
    if (last !== undefined && last.characters < groupCharacters) return last
    const group: Group = { fields: [], sizes: [], characters: 0, asked: [] }
    this.#groups.push(group)
    return group
  }

  /** Group after group. A turn passes before each, in which all who were answered, or woke together, ask again. */
  async #writeAll(): Promise<void> {
    for (;;) {
      await nextTurn()
      const group = this.#groups.shift()
      if (group === undefined) break
      this.#settle(group, await this.#keep(group))
    }
    this.#writing = null
  }

  async #keep({ fields, sizes }: Group): Promise<TesseraError | null> {
    try {
      if (!this.#worker.isAlive) await this.#open()
      const reply = await this.#worker.ask({ type: 'keep', fields, sizes })
      return reply.type === 'kept' ? null : this.#unwritable(failureOf(reply).message)
    } catch (error) {
      return this.#unwritable(error instanceof Error ? error.message : String(error))
    }
  }

  #settle(group: Group, failure: TesseraError | null): void {
    const groups = failure === null ? [group] : [group, ...this.#groups.splice(0)]
    for (const { asked } of groups) {
      for (const { resolve, reject } of asked) {
        if (failure === null) resolve()
        else reject(failure)
      }
    }
  }

  #unwritable(reason: string): TesseraError {
    return new TesseraError('JOURNAL_UNWRITABLE', `The session journal ${this.#file} cannot be written: ${reason}. Nothing of what was asked for is kept.`)
  }
}

const addTo = (group: Group, entries: readonly Field[], asked: Group['asked'][number]): void => {
  for (const { session, part, text } of entries) {
    group.fields.push(session, part, text)
    group.characters += session.length + (part?.length ?? 0) + (text?.length ?? 0)
  }
  group.sizes.push(entries.length)
  group.asked.push(asked)
}

const failureOf = (reply: JournalReply): { code: RefusalCode | null; message: string } =>
  reply.type === 'failed' ? reply : { code: null, message: `its thread answered ${reply.type}` }

const toSessions = (fields: readonly (string | number)[]): Map<string, Map<string, string>> => {
  const sessions = new Map<string, Map<string, string>>()
  for (let at = 0; at < fields.length; ) {
    const parts = new Map<string, string>()
    sessions.set(String(fields[at]), parts)
    const end = at + 2 + Number(fields[at + 1]) * 2
    for (at += 2; at < end; at += 2) parts.set(String(fields[at]), String(fields[at + 1]))
  }
  return sessions
}
