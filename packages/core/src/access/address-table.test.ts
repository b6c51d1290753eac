import type { AddressRule } from '@tessera/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AddressTable } from './address-table.ts'

const table = (...rules: string[]): AddressTable => new AddressTable(rules.map(ruleOf))

/** `allow 10.0.0.1` as a rule. */
const ruleOf = (text: string): { mode: string; ip: string } => {
  const [mode = '', ip = ''] = text.split(' ')
  return { mode, ip }
}

const failureOf = (make: () => unknown) => {
  try {
    make()
  } catch (error) {
    return error
  }
  throw new Error('It was taken')
}

describe('the address table', () => {
  test('A41 the first rule that matches decides, and an address that matches none is refused', () => {
    const rules = table('deny 10.0.0.7', 'allow 10.0.0.*', 'deny *')
    expect(['10.0.0.7', '10.0.0.8', '10.0.1.8', '::1'].map((address) => rules.allows(address))).toEqual([false, true, false, false])
    const listed = table('allow 192.168.0.0/16')
    expect(['192.168.255.1', '192.169.0.1', '2001:db8::1'].map((address) => listed.allows(address))).toEqual([true, false, false])
  })

  test('A41 a table without rules lets everybody in; one that only denies, nobody', () => {
    expect(['10.0.0.1', '2001:db8::1', 'localhost', 'nonsense'].map((address) => table().allows(address))).toEqual([true, true, true, true])
    expect(['10.0.0.1', '10.0.0.2'].map((address) => table('deny 10.0.0.1').allows(address))).toEqual([false, false])
  })

  test.each([
    ['10.0.0.1', '10.0.0.1', true],
    ['10.0.0.1', '::ffff:10.0.0.1', true],
    ['::ffff:10.0.0.1', '10.0.0.1', true],
    ['::FFFF:10.0.0.0/104', '10.200.0.1', true],
    ['::ffff:10.*', '10.200.0.1', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['10.0.0.0/9', '10.127.255.255', true],
    ['10.0.0.0/9', '10.128.0.0', false],
    ['10.0.0.5/31', '10.0.0.4', true],
    ['10.0.0.5/31', '10.0.0.6', false],
    ['2001:db8::/33', '2001:db8:7fff::1', true],
    ['2001:db8::/33', '2001:db8:8000::1', false],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['::/0', '10.0.0.1', false],
    ['10.1*', '10.100.2.3', true],
    ['10.1.*', '10.100.2.3', false],
    ['2001:DB8::/32', '2001:db8:ffff::1', true],
    ['2001:db8::1', '2001:0DB8:0:0:0:0:0:1', true],
    ['2001:db8:*', '2001:db8::1', true],
    ['2001:db8:0:0:*', '2001:db8::1', true],
    ['fe80::/10', 'fe80::1%eth0', true],
    ['localhost', '127.0.0.1', true],
    ['localhost', '127.8.0.1', true],
    ['localhost', '::1', true],
    ['localhost', '::ffff:127.0.0.1', true],
    ['localhost', 'localhost', true],
    ['localhost', '10.0.0.1', false],
    ['127.0.0.1', 'localhost', true],
    ['::1', 'localhost', true],
    ['127.*', 'localhost', true],
    ['*', 'localhost', true],
    [' 10.0.0.1 ', '10.0.0.1', true],
    ['*', 'nonsense', false],
  ])('A42 the rule %s for a client from %s: %s', (ip, address, matches) => {
    expect(new AddressTable([{ mode: 'allow', ip }]).allows(address)).toBe(matches)
  })

  test.each([
    ...['', ' ', '10.0.0', '10.0.0.256', '010.0.0.1', '0x0a.0.0.1', '167772161', '10.0.0.1.2', '10.0.0.1/33', '10.0.0.1/-1', '10.0.0.1/08', '10.0.0.1/'],
    ...['10.0.0.0/8/8', '10.0.0.0/255.0.0.0', '10.0.*.1', '*.10', '10.x*', 'x*', '::ffff:*', '::1/129', '1::2::3', '::ffff:10.0.0.0/95', '::ffff:010.0.0.1'],
    ...['[::1]', 'fe80::1%eth0', 'example.com', 'local*', `${'1'.repeat(300)}*`],
  ])('A43 "%s" is no address', (ip) => {
    expect(failureOf(() => new AddressTable([{ mode: 'allow', ip }]))).toMatchObject({ code: 'ADDRESS_RULES_INVALID', problems: [{ line: 1 }] })
  })

  test('A43 every problem is told, with the number of its rule', () => {
    const error = failureOf(() => table('allow 10.0.0.1', 'permit 10.0.0.2', 'deny 10.0.0', 'Allow nowhere'))
    expect(error).toMatchObject({ code: 'ADDRESS_RULES_INVALID', message: expect.stringContaining('Rule 2: the mode is "allow" or "deny", not "permit"') })
    expect(error).toMatchObject({ problems: [2, 3, 4, 4].map((line) => ({ line, code: 'address-rule-invalid', severity: 'error' })) })
  })

  test('A43 a table has a thousand rules at most, and they are weighed within a moment', () => {
    const many = (count: number) => Array.from({ length: count }, (_none, index) => `deny 10.${index >> 8}.${index & 255}.${index % 2 === 0 ? '1' : '*'}`)
    expect(failureOf(() => table(...many(10_000)))).toMatchObject({ code: 'ADDRESS_RULES_INVALID', message: expect.stringMatching(/1000 rules.*10000/) })
    const rules = table(...many(999), 'allow *')
    expect([rules.allows('10.3.230.1'), rules.allows('10.3.230.2'), rules.warnings]).toEqual([false, true, []])
  })

  test.each<[string, string[], string[]]>([
    ['none', [], []],
    ['ends well', ['deny 10.0.0.1', 'allow *'], []],
    ['ends well in two ranges', ['allow 0.0.0.0/0', 'allow ::/0'], []],
    ['only denies', ['deny 10.0.0.1'], ['Nobody is let in: the table only denies. End it with allow *.']],
    ['no final allow', ['allow 10.*'], ['Addresses that match no rule are refused: the table does not end with allow *.']],
    ['closed', ['allow 10.*', 'deny *'], ['Addresses that match no rule are refused: the table does not end with allow *.']],
    ['one family open', ['deny 10.*', 'allow 0.0.0.0/0'], ['IPv6 addresses that match no rule are refused: the table does not end with allow *.']],
    ['repeated', ['deny 10.0.0.1', 'deny ::ffff:10.0.0.1', 'allow *'], ['rule 2 (deny ::ffff:10.0.0.1) repeats rule 1.']],
    [
      'idle',
      ['deny 10.0.0.0/8', 'allow 10.1.0.0/16', 'deny 1*', 'deny 127.0.0.1', 'allow *', 'deny ::1'],
      [
        'rule 2 (allow 10.1.0.0/16) never counts: rule 1 (deny 10.0.0.0/8) decides first.',
        'rule 4 (deny 127.0.0.1) never counts: rule 3 (deny 1*) decides first.',
        'rule 6 (deny ::1) never counts: rule 5 (allow *) decides first.',
      ],
    ],
  ])('A43 what is odd about a table is told: %s', (_name, rules, warnings) => {
    expect(table(...rules).warnings).toEqual(warnings)
  })

  test('A43 of very many oddities a few are told, and how many more there are', () => {
    const { warnings } = table(...Array.from({ length: 50 }, () => 'deny 10.0.0.1'), 'allow *')
    expect([warnings.length, warnings.at(-1)]).toEqual([11, 'There are 39 more warnings.'])
  })

  test.each<[string[], string, string[]]>([
    [[], 'deny 10.0.0.1', ['deny 10.0.0.1', 'allow *']],
    [['deny 10.0.0.1', 'allow *'], 'deny 10.0.0.2', ['deny 10.0.0.1', 'deny 10.0.0.2', 'allow *']],
    [['allow 10.*'], 'allow 11.*', ['allow 10.*', 'allow 11.*']],
    [['allow 10.*', 'deny *'], 'allow 11.*', ['allow 10.*', 'allow 11.*', 'deny *']],
  ])('A48 a rule is added before a final one that matches everything: to %j, %s', (before, rule, after) => {
    const added = table(...before).with(ruleOf(rule))
    expect(added.rules).toEqual(after.map(ruleOf))
  })
})

/** An address as bits, written in one of its forms. */
interface Written {
  bits: string
  text: string
}
/** A rule together with what it means, said without reading its text. */
interface Meant {
  rule: AddressRule
  matches(bits: string): boolean
}

const bitsOf = (numbers: readonly number[], width: number): string => numbers.map((number) => number.toString(2).padStart(width, '0')).join('')
const dotted = (bits: string): string => (bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)).join('.')
const colons = (bits: string): string => (bits.match(/.{16}/g) ?? []).map((group) => Number.parseInt(group, 2).toString(16)).join(':')
const fullText = (bits: string): string => (bits.length === 32 ? dotted(bits) : colons(bits))

// Few numbers, so that rules and addresses meet.
const ipv4 = fc.array(fc.constantFrom(10, 11, 127, 138), { minLength: 4, maxLength: 4 }).map((numbers) => bitsOf(numbers, 8))
const ipv6 = fc.array(fc.constantFrom(0, 1, 0x2001, 0x8001), { minLength: 8, maxLength: 8 }).map((numbers) => bitsOf(numbers, 16))
const anyBits = fc.oneof(ipv4, ipv6)
const written: fc.Arbitrary<Written> = fc.oneof(
  ipv4.chain((bits) => fc.constantFrom(dotted(bits), `::ffff:${dotted(bits)}`, `::FFFF:${dotted(bits)}`).map((text) => ({ bits, text }))),
  ipv6.chain((bits) => {
    const text = colons(bits)
    const short = text.replace(/(?:^|:)0(?::0)+(?::|$)/, '::')
    return fc.constantFrom(text, text.toUpperCase(), short).map((form) => ({ bits, text: form }))
  }),
)

const meaning: fc.Arbitrary<{ ip: string; matches(bits: string): boolean }> = fc.oneof(
  written.map(({ bits, text }) => ({ ip: text, matches: (other: string) => other === bits })),
  fc.tuple(anyBits, fc.nat(128)).map(([bits, some]) => {
    const width = some % (bits.length + 1)
    return { ip: `${fullText(bits)}/${width}`, matches: (other: string) => other.length === bits.length && other.startsWith(bits.slice(0, width)) }
  }),
  fc.tuple(anyBits, fc.nat(40)).map(([bits, some]) => {
    const text = fullText(bits)
    const beginning = text.slice(0, some % (text.length + 1))
    return { ip: `${beginning}*`, matches: (other: string) => fullText(other).startsWith(beginning) }
  }),
  fc.constant({ ip: 'localhost', matches: (bits: string) => dotted(bits).startsWith('127.') || bits === '1'.padStart(128, '0') }),
)
const meant: fc.Arbitrary<Meant> = fc
  .tuple(fc.constantFrom<AddressRule['mode'][]>('allow', 'deny'), meaning)
  .map(([mode, { ip, matches }]) => ({ rule: { mode, ip }, matches }))

const loopback = [bitsOf([127, 0, 0, 1], 8), '1'.padStart(128, '0')]

const modelAllows = (rules: readonly Meant[], addresses: readonly string[]): boolean => {
  if (rules.length === 0) return true
  return rules.find(({ matches }) => addresses.some(matches))?.rule.mode === 'allow'
}

test('A41 any table decides about any address as the rules say one by one', () => {
  fc.assert(
    fc.property(fc.array(meant, { maxLength: 6 }), fc.array(written, { minLength: 1, maxLength: 8 }), (rules, clients) => {
      const made = new AddressTable(rules.map(({ rule }) => rule))
      for (const { bits, text } of clients) expect([text, made.allows(text)]).toEqual([text, modelAllows(rules, [bits])])
      expect(made.allows('localhost')).toBe(modelAllows(rules, loopback))
    }),
    { numRuns: 2000 },
  )
})

test('A43 a rule that is told never to count can be left out without changing anything', () => {
  fc.assert(
    fc.property(fc.array(meant, { minLength: 2, maxLength: 6 }), fc.array(written, { minLength: 1, maxLength: 8 }), (rules, clients) => {
      const { warnings } = new AddressTable(rules.map(({ rule }) => rule))
      const idle = warnings.flatMap((warning) => /^rule (\d+) .*(?:never counts|repeats)/.exec(warning)?.[1] ?? []).map(Number)
      const rest = rules.filter((_rule, index) => !idle.includes(index + 1))
      for (const { bits } of clients) expect(modelAllows(rest, [bits])).toBe(modelAllows(rules, [bits]))
      expect(modelAllows(rest, loopback)).toBe(modelAllows(rules, loopback))
    }),
    { numRuns: 2000 },
  )
})
