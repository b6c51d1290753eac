import { type AddressRule, limits, type Problem, TesseraError } from '@tessera/protocol'
import {
  type AddressPattern,
  addressFamilies,
  coversPattern,
  matchesPattern,
  matchesWholeFamily,
  parseAddressPattern,
  readClientAddress,
} from './address-pattern.ts'

/** A rule as it comes from outside. */
export interface GivenAddressRule {
  mode: string
  ip: string
}

interface Entry {
  rule: AddressRule
  pattern: AddressPattern
}

/** More than these say no more. */
const mostWarnings = 10

/**
 * From which addresses clients are let in. The first rule that matches decides, an address that matches none is refused, and
 * a table without rules lets everybody in (4d.md CON-20, CON-21). It never changes: another table takes its place.
 */
export class AddressTable {
  readonly #entries: readonly Entry[]
  readonly rules: readonly AddressRule[]
  /** What is odd about it, for people. */
  readonly warnings: readonly string[]

  /** @throws TesseraError `ADDRESS_RULES_INVALID` with every problem; its line is the rule's number. */
  constructor(given: readonly GivenAddressRule[] = []) {
    this.#entries = parseRules(given)
    this.rules = this.#entries.map(({ rule }) => rule)
    this.warnings = warningsOf(this.#entries)
  }

  allows(address: string): boolean {
    if (this.#entries.length === 0) return true
    const from = readClientAddress(address)
    return this.#entries.find(({ pattern }) => matchesPattern(pattern, from))?.rule.mode === 'allow'
  }

  /** With that rule before a final one that matches everything. A table without rules counts as one that allows all. */
  with(rule: GivenAddressRule): AddressTable {
    const rules: GivenAddressRule[] = this.rules.length === 0 ? [{ mode: 'allow', ip: '*' }] : [...this.rules]
    const last = this.#entries.at(-1)
    const closed = last === undefined || addressFamilies.every((family) => matchesWholeFamily(last.pattern, family))
    rules.splice(closed ? rules.length - 1 : rules.length, 0, rule)
    return new AddressTable(rules)
  }
}

const parseRules = (given: readonly GivenAddressRule[]): Entry[] => {
  if (given.length > limits.addressRules)
    throw new TesseraError('ADDRESS_RULES_INVALID', `An address table has at most ${limits.addressRules} rules; these are ${given.length}.`)
  const entries: Entry[] = []
  const problems: Problem[] = []
  for (const [index, { mode, ip }] of given.entries()) {
    const pattern = parseAddressPattern(ip)
    const known = mode === 'allow' || mode === 'deny'
    if (!known) problems.push(problem(index, `the mode is "allow" or "deny", not "${mode.slice(0, 40)}"`))
    if (pattern === null) problems.push(problem(index, `"${ip.slice(0, 80)}" is no address, no range such as 10.0.0.0/8 and no beginning such as 10.1.*`))
    if (known && pattern !== null) entries.push({ rule: { mode, ip: ip.trim() }, pattern })
  }
  if (problems.length === 0) return entries
  const [first] = problems
  const more = problems.length === 1 ? '' : ` There are ${problems.length} problems.`
  throw new TesseraError('ADDRESS_RULES_INVALID', `The address table is not changed. ${first?.message ?? ''}.${more}`, { problems })
}

const problem = (index: number, what: string): Problem => ({
  file: 'addresses',
  line: index + 1,
  column: 1,
  severity: 'error',
  code: 'address-rule-invalid',
  message: `Rule ${index + 1}: ${what}`,
})

const warningsOf = (entries: readonly Entry[]): string[] => {
  if (entries.length === 0) return []
  const warnings = [...closingWarnings(entries), ...idleWarnings(entries)]
  if (warnings.length <= mostWarnings) return warnings
  return [...warnings.slice(0, mostWarnings), `There are ${warnings.length - mostWarnings} more warnings.`]
}

/** A table that only denies refuses everybody (4d.md CON-21): whoever wrote it may not have meant that. */
const closingWarnings = (entries: readonly Entry[]): string[] => {
  const refused = addressFamilies.filter((family) => entries.find(({ pattern }) => matchesWholeFamily(pattern, family))?.rule.mode !== 'allow')
  if (refused.length === 0) return []
  if (entries.every(({ rule }) => rule.mode === 'deny')) return ['Nobody is let in: the table only denies. End it with allow *.']
  const which = refused.length > 1 ? 'Addresses' : `${refused[0] === 'ipv4' ? 'IPv4' : 'IPv6'} addresses`
  return [`${which} that match no rule are refused: the table does not end with allow *.`]
}

/** Rules that decide nothing, because an earlier one always does. */
const idleWarnings = (entries: readonly Entry[]): string[] =>
  entries.flatMap((entry, index) => {
    const before = entries.findIndex(({ pattern }, at) => at < index && coversPattern(pattern, entry.pattern))
    const earlier = entries[before]
    if (earlier === undefined) return []
    const same = earlier.rule.mode === entry.rule.mode && coversPattern(entry.pattern, earlier.pattern)
    return [same ? `${nameOf(entry, index)} repeats rule ${before + 1}.` : `${nameOf(entry, index)} never counts: ${nameOf(earlier, before)} decides first.`]
  })

const nameOf = ({ rule }: Entry, index: number): string => `rule ${index + 1} (${rule.mode} ${rule.ip})`
