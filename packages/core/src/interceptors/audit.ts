import { type ActResult, type AuditRow, TesseraError } from '@tessera/protocol'
import { type Actor, actorLabel } from '../actor.ts'
import type { CommandName } from '../commands.ts'
import type { Ports } from '../ports/index.ts'

type AuditPorts = Pick<Ports, 'audit' | 'bus' | 'clock' | 'logger'>

/** Operators' acts that end up in the record; signing in and out are acts too, whoever does them. */
const isAct = (name: CommandName, by: Actor): boolean => by.kind === 'operator' || name === 'operator.signIn' || name === 'operator.exchange'

/** Carries the act out and puts one entry on the record, failed or not (7-reliability.md, invariant 9). */
export const withAudit = async <Result>(ports: AuditPorts, name: CommandName, input: object, by: Actor, act: () => Promise<Result>): Promise<Result> => {
  if (!isAct(name, by)) return act()
  try {
    const result = await act()
    await record(ports, name, input, by, failuresIn(result))
    return result
  } catch (error) {
    await record(ports, name, input, by, error instanceof TesseraError ? error.code : 'INTERNAL')
    throw error
  }
}

const record = async (ports: AuditPorts, name: CommandName, input: object, by: Actor, code: string | null): Promise<void> => {
  const target = targetOf(input)
  const entry: Omit<AuditRow, 'number'> = {
    at: new Date(ports.clock.now()).toISOString(),
    who: actorLabel(by),
    role: by.kind === 'operator' ? by.role : 'system',
    act: 'dryRun' in input && input.dryRun === true ? `${name} (dry run)` : name,
    target,
    reason: 'reason' in input && typeof input.reason === 'string' ? input.reason : '',
    ok: code === null,
    code,
  }
  await ports.audit.append(entry)
  ports.bus.emit({ name: 'act.recorded', act: name, by, target, ok: code === null })
}

/** The first failure of a bulk act: its entry says that not all went well. */
const failuresIn = (result: unknown): string | null => {
  if (typeof result !== 'object' || result === null || !('results' in result)) return null
  return (result as ActResult).results.find(({ ok }) => !ok)?.error?.code ?? null
}

/** What the act was about, for people. Never a secret: only members known to be names are read. */
const targetOf = (input: object): string => {
  const read = (member: string): unknown => (member in input ? (input as Record<string, unknown>)[member] : undefined)
  const targets = read('targets')
  if (typeof targets === 'object' && targets !== null) return JSON.stringify(targets).slice(0, 500)
  return ['sessionId', 'slot', 'name', 'user', 'method', 'processId', 'version']
    .map(read)
    .filter((value) => typeof value === 'string')
    .join(' ')
}
