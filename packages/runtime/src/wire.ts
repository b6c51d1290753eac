import type {
  CallId,
  CommitRequest,
  DatabaseMethodName,
  Delta,
  HostRequest,
  ProcessId,
  RunTarget,
  RunTimings,
  SessionFacts,
  SessionId,
  SessionSeed,
} from '@tessera/core'
import { type ErrorBody, type Payload, payloadText, type StorableText } from '@tessera/protocol/values'
import type { Answer, Down, EndedMessage, RequestKind, RunMessage, SlotChange, Up } from './messages.ts'

/**
 * One message on its way: what JSON carries well, and the storable texts beside it. Texts are never put inside the JSON:
 * escaping and parsing them again costs more than all the rest of a hop (measured: 2.4 us a message against 1.0). They
 * arrive as bytes, views of what they came with: arguments and results are passed on as such, and what is kept is read.
 */
export interface Envelope {
  head: unknown
  texts: readonly Payload[]
}

/** Slots of a delta in the head: a text for a slot whose value is the next text, `[slot]` for a removed one. */
type SlotNames = readonly (string | readonly [removed: string])[]

const nothing: readonly never[] = []

/** Bits of a run's flags. */
const onServerOnlyFlag = 1
const timedFlag = 2

export const encodeDown = (message: Down): Envelope => {
  switch (message.type) {
    case 'run': {
      const { target } = message
      return {
        head: [
          message.call,
          message.process,
          target.kind === 'method' ? 1 : 0,
          target.name,
          (message.onServerOnly ? onServerOnlyFlag : 0) | (message.timed === true ? timedFlag : 0),
          message.resultBytes,
          message.request ?? 0,
          ...(message.promoted ?? []),
        ],
        texts: [message.args],
      }
    }
    case 'session':
      return seedEnvelope({ type: message.type }, message.seed)
    case 'process':
      return changesEnvelope({ type: message.type, processFacts: message.process }, message.variables)
    case 'delta':
      return deltaEnvelope({ type: message.type, sessionId: message.sessionId }, message.delta)
    case 'answer':
      return encodeAnswer({ type: message.type, ask: message.ask, kind: message.answer.kind }, message.answer)
    default:
      return { head: message, texts: nothing }
  }
}

const encodeAnswer = (head: object, answer: Answer): Envelope => {
  switch (answer.kind) {
    case 'storage.commit':
      return deltaEnvelope({ ...head, won: answer.value.won }, answer.value.since)
    case 'storage.turn':
      return deltaEnvelope({ ...head, turn: answer.value.turn }, answer.value.since)
    case 'session.seed':
      return answer.value === null ? { head, texts: nothing } : seedEnvelope(head, answer.value)
    case 'procedure.result':
      return { head, texts: [answer.value.value] }
    default:
      return { head: { ...head, value: answer.value }, texts: nothing }
  }
}

export const encodeUp = (message: Up): Envelope => {
  switch (message.type) {
    case 'ended': {
      const { call, process, value, variables, timings } = message
      const names = variables.length === 0 ? 0 : namesOf(variables)
      const texts = names === 0 ? [value] : [value, ...changesEnvelope({}, variables).texts]
      if (timings !== undefined) return { head: [call, process, names, ...timesOf(timings)], texts }
      return { head: names === 0 ? [call, process] : [call, process, names], texts }
    }
    case 'failed':
      return changesEnvelope(
        {
          type: message.type,
          call: message.call,
          process: message.process,
          error: message.error,
          ...(message.timings === undefined ? {} : { timings: microseconds(message.timings) }),
        },
        message.variables,
      )
    case 'ask':
      return encodeRequest(
        { type: message.type, ask: message.ask, call: message.call, process: message.process, subscribe: message.subscribe },
        message.request,
      )
    default:
      return { head: message, texts: nothing }
  }
}

const encodeRequest = (head: object, request: HostRequest): Envelope => {
  switch (request.kind) {
    case 'storage.commit': {
      const { changes, ...commit } = request.commit
      return changesEnvelope({ ...head, kind: request.kind, commit }, changes)
    }
    case 'procedure.start': {
      const { args, ...rest } = request
      return { head: { ...head, kind: request.kind, request: rest }, texts: [args] }
    }
    default:
      return { head: { ...head, kind: request.kind, request }, texts: nothing }
  }
}

/** Whole numbers are a third of the text that fractions are. */
const microseconds = ({ runMs, storageMs, dataMs }: RunTimings): Microseconds => [whole(runMs), whole(storageMs), whole(dataMs)]

/** Most calls wait for nothing: what is zero at the end is not said. */
const timesOf = ({ runMs, storageMs, dataMs }: RunTimings): number[] => {
  if (dataMs > 0) return [whole(runMs), whole(storageMs), whole(dataMs)]
  return storageMs > 0 ? [whole(runMs), whole(storageMs)] : [whole(runMs)]
}

const whole = (ms: number): number => Math.round(ms * 1000)

const namesOf = (changes: readonly SlotChange[]): SlotNames => changes.map(([slot, text]) => (text === null ? [slot] : slot))

const changesEnvelope = (head: object, changes: readonly SlotChange[]): Envelope => ({
  head: { ...head, names: namesOf(changes) },
  texts: changes.flatMap(([, text]) => (text === null ? [] : [text])),
})

const deltaEnvelope = (head: object, { changes, ...delta }: Delta): Envelope => changesEnvelope({ ...head, delta }, changes)

const seedEnvelope = (head: object, seed: SessionSeed): Envelope =>
  changesEnvelope({ ...head, facts: seed.facts, clock: seed.storage.clock }, seed.storage.slots)

// The other direction. The two ends are one program in two processes, so heads are believed to have the shape that the
// functions above gave them; a head that breaks this throws, and the channel that carried it is closed.

interface Head {
  type: string
  ask: number
  call: CallId
  process: ProcessId
  processFacts: never
  sessionId: SessionId
  subscribe: boolean
  kind: RequestKind
  request: never
  value: never
  commit: Omit<CommitRequest, 'changes'>
  won: boolean
  turn: number
  delta: Omit<Delta, 'changes'>
  facts: SessionFacts
  clock: number
  names?: SlotNames
  error: ErrorBody
  timings?: Microseconds
}
type StartRequest = Extract<HostRequest, { kind: 'procedure.start' }>
type Microseconds = readonly [run: number, storage: number, data: number]
type RunHead = readonly [CallId, ProcessId, 0 | 1, string, flags: number, resultBytes: number, request: string | 0, ...promoted: string[]]
type EndedHead = readonly [CallId, ProcessId, (SlotNames | 0)?, ...timings: [run?: number, storage?: number, data?: number]]

export const decodeDown = ({ head, texts }: Envelope): Down => {
  if (Array.isArray(head)) {
    const [call, process, isMethod, name, flags, resultBytes, request, ...promoted] = head as unknown as RunHead
    const target: RunTarget = isMethod === 1 ? { kind: 'method', name } : { kind: 'database', name: name as DatabaseMethodName }
    const run: RunMessage = {
      type: 'run',
      call,
      process,
      target,
      onServerOnly: (flags & onServerOnlyFlag) !== 0,
      args: needPayload(texts, 0),
      resultBytes,
    }
    if (promoted.length > 0) run.promoted = promoted
    if (request !== 0) run.request = request
    if ((flags & timedFlag) !== 0) run.timed = true
    return run
  }
  const h = head as Head
  switch (h.type) {
    case 'session':
      return { type: 'session', seed: readSeed(h, texts) }
    case 'process':
      return { type: 'process', process: h.processFacts, variables: readNamed(h, texts) }
    case 'delta':
      return { type: 'delta', sessionId: h.sessionId, delta: readDelta(h, texts) }
    case 'answer':
      return { type: 'answer', ask: h.ask, answer: decodeAnswer(h, texts) }
    default:
      return head as Down
  }
}

const decodeAnswer = (h: Head, texts: readonly Payload[]): Answer => {
  const { kind } = h
  switch (kind) {
    case 'storage.commit':
      return { kind, value: { won: h.won, since: readDelta(h, texts) } }
    case 'storage.turn':
      return { kind, value: { turn: h.turn, since: readDelta(h, texts) } }
    case 'session.seed':
      return { kind, value: h.names === undefined ? null : readSeed(h, texts) }
    case 'procedure.result':
      return { kind, value: { value: needText(texts, 0) } }
    default:
      return { kind, value: h.value }
  }
}

export const decodeUp = ({ head, texts }: Envelope): Up => {
  if (Array.isArray(head)) {
    const [call, process, names = 0, run, storage = 0, data = 0] = head as unknown as EndedHead
    const ended: EndedMessage = {
      type: 'ended',
      call,
      process,
      value: needPayload(texts, 0),
      variables: names === 0 ? nothing : readChanges(names, texts.slice(1)),
    }
    if (run !== undefined) ended.timings = { runMs: run / 1000, storageMs: storage / 1000, dataMs: data / 1000 }
    return ended
  }
  const h = head as Head
  switch (h.type) {
    case 'failed':
      return { type: 'failed', call: h.call, process: h.process, error: h.error, variables: readNamed(h, texts), ...readTimings(h.timings ?? []) }
    case 'ask':
      return { type: 'ask', ask: h.ask, call: h.call, process: h.process, subscribe: h.subscribe, request: decodeRequest(h, texts) }
    default:
      return head as Up
  }
}

const decodeRequest = (h: Head, texts: readonly Payload[]): HostRequest => {
  switch (h.kind) {
    case 'storage.commit':
      return { kind: h.kind, commit: { ...h.commit, changes: readNamed(h, texts) } }
    case 'procedure.start':
      return { ...(h.request as object as Omit<StartRequest, 'args'>), args: needText(texts, 0) }
    default:
      return h.request
  }
}

const readTimings = ([run, storage = 0, data = 0]: Microseconds | readonly []): { timings?: RunTimings } =>
  run === undefined ? {} : { timings: { runMs: run / 1000, storageMs: storage / 1000, dataMs: data / 1000 } }

const readChanges = (names: SlotNames, texts: readonly Payload[]): readonly SlotChange[] => {
  let at = 0
  return names.map((name) => (typeof name === 'string' ? [name, needText(texts, at++)] : [name[0], null]))
}

const readNamed = (h: Head, texts: readonly Payload[]): readonly SlotChange[] => readChanges(h.names ?? nothing, texts)

const readDelta = (h: Head, texts: readonly Payload[]): Delta => ({ ...h.delta, changes: readNamed(h, texts) })

const readSeed = (h: Head, texts: readonly Payload[]): SessionSeed => ({
  facts: h.facts,
  storage: { clock: h.clock, slots: readNamed(h, texts).map(([slot, text]) => [slot, text ?? 'null'] as const) },
})

/** As a text of its own: a view would keep all that came with it in memory. */
const needText = (texts: readonly Payload[], at: number): StorableText => payloadText(needPayload(texts, at))

const needPayload = (texts: readonly Payload[], at: number): Payload => {
  const text = texts[at]
  if (text === undefined) throw new Error('A message of the isolate channel lacks a text.')
  return text
}
