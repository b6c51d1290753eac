import { type ActResult, type AuditRow, TesseraError } from '@tessera/protocol'
import { type Actor, actorLabel } from '../actor.ts'
import type { AbortedCall, CommandName } from '../commands.ts'
import type { Ports } from '../ports/index.ts'

type AuditPorts = Pick<Ports, 'audit' | 'bus' | 'clock'>

interface Act {
  name: CommandName
  input: object
  by: Actor
}

const longestName = 200
const longestTargets = 500

/** Waiting for what another act brings about changes nothing. */
const answersOnly: ReadonlySet<CommandName> = new Set<CommandName>(['procedure.result', 'order.results', 'message.receipt'])

/** Operators' acts end up in the record; signing in is an act too, whoever does it. */
export const isAct = (name: CommandName, by: Actor): boolean =>
  by.kind === 'operator' ? !answersOnly.has(name) : name === 'operator.signIn' || name === 'operator.exchange'

/** Carries the act out and puts one entry on the record, failed or not (7-reliability.md, invariant 9; SPEC A22). */
export const audited = async <Result>(ports: AuditPorts, act: Act, carryOut: () => Result | Promise<Result>): Promise<Result> => {
  const done = await settled(carryOut)
  const code = done.ok ? failureIn(done.result) : codeOf(done.error)
  // A guesser who is held off already must not fill the record: the failures that led there are on it.
  if (code !== 'TOO_MANY_ATTEMPTS') await record(ports, act, { code, result: done.ok ? done.result : null })
  if (done.ok) return done.result
  throw done.error
}

type Settled<Result> = { ok: true; result: Result } | { ok: false; error: unknown }

const settled = async <Result>(carryOut: () => Result | Promise<Result>): Promise<Settled<Result>> => {
  try {
    return { ok: true, result: await carryOut() }
  } catch (error) {
    return { ok: false, error }
  }
}

const record = async (
  { audit, bus, clock }: AuditPorts,
  { name, input, by }: Act,
  { code, result }: { code: string | null; result: unknown },
): Promise<void> => {
  const aborted = isAborted(result) ? result : null
  const target = targetOf(aborted === null ? input : { ...input, sessionId: aborted.sessionId, method: aborted.method })
  const entry: Omit<AuditRow, 'number'> = {
    at: new Date(clock.now()).toISOString(),
    who: actorLabel(by),
    role: by.kind === 'operator' ? by.role : 'system',
    act: `${name}${noteOf(input, aborted)}`,
    target,
    reason: 'reason' in input && typeof input.reason === 'string' ? input.reason.slice(0, longestTargets) : '',
    ok: code === null,
    code,
  }
  await audit.append(entry)
  bus.emit({ name: 'act.recorded', act: name, by, target, ok: code === null })
}

const codeOf = (error: unknown): string => (error instanceof TesseraError ? error.code : 'INTERNAL')

/** The first failure of a bulk act: its entry says that not all went well. */
const failureIn = (result: unknown): string | null => {
  if (typeof result !== 'object' || result === null || !('results' in result)) return null
  return (result as ActResult).results.find(({ ok }) => !ok)?.error?.code ?? null
}

const isAborted = (result: unknown): result is AbortedCall => typeof result === 'object' && result !== null && 'outcome' in result && 'method' in result

/** What the record says beside the act's name. */
const noteOf = (input: object, aborted: AbortedCall | null): string => {
  if (aborted !== null) return ` (${aborted.outcome})`
  return 'dryRun' in input && input.dryRun === true ? ' (dry run)' : ''
}

/** What the act was about, for people. Never a secret: only members known to be names are read. */
const targetOf = (input: object): string => {
  const read = (member: string): unknown => (member in input ? (input as Record<string, unknown>)[member] : undefined)
  const many = read('targets') ?? read('rules')
  if (typeof many === 'object' && many !== null) return JSON.stringify(many).slice(0, longestTargets)
  const maximum = 'maximum' in input ? [String(read('maximum') ?? 'none')] : []
  return ['sessionId', 'slot', 'name', 'user', 'method', 'processId', 'version', 'mode', 'ip', 'message']
    .map(read)
    .filter((value) => typeof value === 'string')
    .concat(maximum)
    .map((value) => value.slice(0, longestName))
    .join(' ')
}
