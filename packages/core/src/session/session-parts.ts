import type { SessionKind, StorableText } from '@tessera/protocol'
import type { WaitingMessage, WaitingOrder } from '../commands.ts'
import type { KeyedPart } from '../process/keyed-book.ts'
import type { DecidedChange, KeptDocument } from '../storage/storage-document.ts'

/** What a journal keeps of a session, part by part: each part has one writer, so that none undoes another's change. */

/** What never changes. Written when the session opens: parts without it belong to one that never did. */
export interface FactsPart {
  kind: SessionKind
  user: { id: number; name: string }
  machineName: string
  systemUserName: string
  hostType: string
  address: string
  mayPostpone: boolean
  createdAt: number
  /** Number of the process that opens and closes with the session; null where there is none. */
  main: number | null
}

export interface VersionPart {
  id: string
  pendingReload: { version: string; deadlineAt: number; reason: string } | null
}

/** Where it waits for its client by agreement; a client that was merely lost waits anew after a restart. */
export interface LifePart {
  name: 'sleeping' | 'postponed'
  since: number
  removedAt: number
}

export interface EndedPart {
  code: string
  reason: string
}

export interface ProcessPart {
  id: string
  name: string
  /** `closing`: Close Connection began. It is never begun again. */
  state: 'open' | 'closing'
}

/** The name under which methods are sent to its client (4d.md PRC-30). */
export interface RegistrationPart {
  name: string
  since: number
}

/** A method that its client is to run. */
export interface OrderPart extends WaitingOrder {
  /** What was sent to several clients at once has one id. */
  id: string
  /** The client's name when it was sent. */
  clientName: string
  at: number
}

export interface SessionParts {
  facts: FactsPart
  version: VersionPart
  /** Hashes of the resume tokens that are good. */
  resume: readonly string[]
  /** Names as set, in lower case. */
  privileges: readonly string[]
  life: LifePart | null
  ended: EndedPart | null
  processes: ReadonlyMap<number, ProcessPart>
  messages: readonly WaitingMessage[]
  /** The highest number that a message was given. */
  lastMessage: number
  registration: RegistrationPart | null
  /** What its client has not done, in order. */
  orders: readonly OrderPart[]
  lastOrder: number
  /** Up to this number its client was told, and may have run them. */
  ordersTold: number
  /** Calls by their idempotency key. */
  keyed: ReadonlyMap<string, KeyedPart>
  storage: KeptDocument
}

export const processPart = (number: number): string => `process:${number}`
export const orderPart = (number: number): string => `order:${number}`
export const messagePart = (number: number): string => `message:${number}`
export const keyedPart = (key: string): string => `keyed:${key}`
const slotPart = (slot: string): string => `slot:${slot}`

/** A change of the storage, part by part. A removed slot has no part left that could tell its clock. */
export const changeEntries = (session: string, { clock, slots, now, by }: DecidedChange): { session: string; part: string; text: string | null }[] => {
  const head = `${clock} ${now} ${JSON.stringify(by)}\n`
  const entries = slots.map(({ slot, text }) => ({ session, part: slotPart(slot), text: text === null ? null : head + text }))
  return slots.some(({ text }) => text === null) ? [...entries, { session, part: 'clock', text: String(clock) }] : entries
}

/** Reads the parts of one session; null where it never opened. @throws Error where a part is not what this version writes. */
export const readParts = (parts: ReadonlyMap<string, string>): SessionParts | null => {
  const read = <Part>(part: string, otherwise: Part): Part => {
    const text = parts.get(part)
    return text === undefined ? otherwise : (JSON.parse(text) as Part)
  }
  const facts = read<FactsPart | null>('facts', null)
  if (facts === null) return null
  return {
    facts,
    version: read<VersionPart>('version', { id: '', pendingReload: null }),
    resume: read<string[]>('resume', []),
    privileges: read<string[]>('privileges', []),
    life: read<LifePart | null>('life', null),
    ended: read<EndedPart | null>('ended', null),
    processes: new Map([...named(parts, 'process:')].map(([number, text]) => [Number(number), JSON.parse(text) as ProcessPart])),
    messages: [...named(parts, 'message:')].map(([, text]) => JSON.parse(text) as WaitingMessage).sort((a, b) => a.number - b.number),
    lastMessage: read<number>('lastMessage', 0),
    registration: read<RegistrationPart | null>('registration', null),
    orders: [...named(parts, 'order:')].map(([, text]) => JSON.parse(text) as OrderPart).sort((a, b) => a.number - b.number),
    lastOrder: read<number>('lastOrder', 0),
    ordersTold: read<number>('ordersTold', 0),
    keyed: new Map([...named(parts, 'keyed:')].map(([key, text]) => [key, JSON.parse(text) as KeyedPart])),
    storage: readDocument(parts),
  }
}

function* named(parts: ReadonlyMap<string, string>, prefix: string): Generator<[string, string]> {
  for (const [part, text] of parts) if (part.startsWith(prefix)) yield [part.slice(prefix.length), text]
}

const readDocument = (parts: ReadonlyMap<string, string>): KeptDocument => {
  const slots = [...named(parts, 'slot:')].map(([slot, kept]) => readSlot(slot, kept))
  const clocks = slots.map(({ clock }) => clock)
  return { clock: clocks.reduce((most, clock) => Math.max(most, clock), Number(parts.get('clock') ?? 0)), slots }
}

const readSlot = (slot: string, kept: string): KeptDocument['slots'][number] => {
  const end = kept.indexOf('\n')
  const [, clock, at, by] = /^(\d+) (\d+) (".*")$/.exec(kept.slice(0, end)) ?? []
  if (clock === undefined || at === undefined || by === undefined) throw new Error(`the slot "${slot.slice(0, 100)}" was not written by this version`)
  const text: StorableText = kept.slice(end + 1)
  return { slot, text, clock: Number(clock), at: Number(at), by: JSON.parse(by) as string }
}
