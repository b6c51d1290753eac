import { describe, expect, it } from 'vitest'
import { addRule, draftOf, isAddressPattern, moveRule, refusesOthers, rulesOf, sameRules } from './address-rules.ts'

const rules = [
  { mode: 'deny', ip: '10.0.0.7' },
  { mode: 'allow', ip: '10.0.0.0/8' },
  { mode: 'allow', ip: '192.168.*' },
] as const

describe('the table of addresses', () => {
  it('W20 knows an address, a range and a beginning from anything else', () => {
    const good = ['192.0.2.7', '10.0.0.0/8', '192.168.*', '*', '::1', '2001:db8::/32', 'fe80:*', ' 10.0.0.1 ']
    const bad = ['', '10', 'till-3', '10.0.0.*.1', '10.0.0.0/', 'example.com', '10.0.0.1, 10.0.0.2']
    expect(good.filter((ip) => !isAddressPattern(ip))).toEqual([])
    expect(bad.filter(isAddressPattern)).toEqual([])
  })

  it('W20 moves a rule one place, and keeps its key with it', () => {
    const draft = draftOf(rules)
    expect(moveRule(draft, 2, -1).map(({ key }) => key)).toEqual([0, 2, 1])
    expect(moveRule(draft, 0, 1).map(({ ip }) => ip)).toEqual(['10.0.0.0/8', '10.0.0.7', '192.168.*'])
    expect(moveRule(draft, 0, -1)).toEqual(draft)
    expect(moveRule(draft, 2, 1)).toEqual(draft)
  })

  it('W20 adds a rule with a key that no other has', () => {
    const draft = addRule(draftOf(rules).slice(1))
    expect(new Set(draft.map(({ key }) => key)).size).toBe(3)
    expect(rulesOf(addRule([]))).toEqual([{ mode: 'allow', ip: '' }])
  })

  it('W20 says what becomes of an address that no rule names', () => {
    expect([refusesOthers([]), refusesOthers(rules), refusesOthers([...rules, { mode: 'allow', ip: '*' }])]).toEqual([false, true, false])
    expect([sameRules(rules, [...rules]), sameRules(rules, rules.slice(1)), sameRules(rules, rules.toReversed())]).toEqual([true, false, false])
  })
})
