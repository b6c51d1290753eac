import ipaddr from 'ipaddr.js'

type Ip = ipaddr.IPv4 | ipaddr.IPv6

/** The addresses that begin with these bits of `base`. */
interface Range {
  base: Ip
  bits: number
}

/** What the text of an address rule means: everything that begins so, or every address of these ranges. */
export type AddressPattern =
  | { kind: 'beginning'; text: string }
  /** `texts`: how it may be written, where it is one address. */
  | { kind: 'ranges'; ranges: readonly Range[]; texts: readonly string[] }

/** Where a client comes from. `localhost`, as gateways name loopback, is IPv4 and IPv6 at once. */
export interface ClientAddress {
  ips: readonly Ip[]
  /** As it may be written, in lower case: a rule's beginning is compared with each. */
  texts: readonly string[]
}

/** The longest address there is, with its range, is shorter. */
const longestPattern = 64
/** An IPv4 address in its IPv6 coat. */
const coat = /^::ffff:(?=\d+\.)/

/**
 * Reads an address, a range (`10.0.0.0/8`), a beginning and `*`, or `localhost` (4d.md CON-20). IPv4 is written with four
 * decimal numbers: other notations mean different addresses to different readers. Null: it is none of these.
 */
export const parseAddressPattern = (given: string): AddressPattern | null => {
  if (given.length > longestPattern) return null
  const text = given.trim().toLowerCase()
  if (text.endsWith('*')) return parseBeginning(text.slice(0, -1))
  if (text === 'localhost') return ranges(loopback)
  const range = parseRange(text)
  return range === null ? null : ranges([range])
}

/** Reads where a client comes from; whatever is no address matches no rule. */
export const readClientAddress = (address: string): ClientAddress => {
  const ips = address === 'localhost' ? loopback.map(({ base }) => base) : [parseIp(address.toLowerCase().replace(/%.*$/, ''))].filter((ip) => ip !== null)
  return { ips, texts: [...(address === 'localhost' ? [address] : []), ...ips.flatMap(writtenForms)] }
}

export const matchesPattern = (pattern: AddressPattern, { ips, texts }: ClientAddress): boolean =>
  pattern.kind === 'beginning' ? texts.some((text) => text.startsWith(pattern.text)) : pattern.ranges.some((range) => ips.some((ip) => within(ip, range)))

/** Whether whatever `inner` matches is surely matched by `outer` as well. False where it cannot be told from the two alone. */
export const coversPattern = (outer: AddressPattern, inner: AddressPattern): boolean => {
  if (outer.kind === 'beginning' && outer.text === '') return true
  if (inner.kind === 'beginning') return outer.kind === 'beginning' && inner.text.startsWith(outer.text)
  if (outer.kind === 'beginning') return inner.texts.some((text) => text.startsWith(outer.text))
  return inner.ranges.every(({ base, bits }) => outer.ranges.some((range) => range.bits <= bits && within(base, range)))
}

export const addressFamilies = ['ipv4', 'ipv6'] as const
export type AddressFamily = (typeof addressFamilies)[number]

/** Whether every address of that family matches. */
export const matchesWholeFamily = (pattern: AddressPattern, family: AddressFamily): boolean =>
  pattern.kind === 'beginning' ? pattern.text === '' : pattern.ranges.some(({ base, bits }) => bits === 0 && base.kind() === family)

const ranges = (given: readonly Range[]): AddressPattern => {
  const [one] = given
  const exact = one !== undefined && given.length === 1 && one.bits === widthOf(one.base)
  return { kind: 'ranges', ranges: given, texts: exact ? writtenForms(one.base) : [] }
}

const parseBeginning = (given: string): AddressPattern | null => {
  const text = given.replace(coat, '')
  // Nothing that is compared begins with an empty coat: such a rule would look as if it did something.
  if (text.startsWith('::ffff:') || !/^(?:[\d.]*|[\da-f:]*)$/.test(text)) return null
  return { kind: 'beginning', text }
}

const parseRange = (text: string): Range | null => {
  if (!text.includes('/')) {
    const ip = parseIp(text)
    return ip === null ? null : { base: ip, bits: widthOf(ip) }
  }
  const [address = '', bits = '', ...rest] = text.split('/')
  const ip = parseIp(address)
  if (ip === null || rest.length > 0 || !/^(?:0|[1-9]\d{0,2})$/.test(bits)) return null
  // A range that is written in the coat counts its bits there, too.
  const width = Number(bits) - (ip.kind() === 'ipv4' && address.includes(':') ? 96 : 0)
  return width >= 0 && width <= widthOf(ip) ? { base: ip, bits: width } : null
}

const parseIp = (text: string): Ip | null => {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text)
  const tail = text.slice(text.lastIndexOf(':') + 1)
  if (tail.includes('.') && !ipaddr.IPv4.isValidFourPartDecimal(tail)) return null
  return ipaddr.IPv6.isValid(text) && !text.includes('%') ? ipaddr.process(text) : null
}

const widthOf = (ip: Ip): number => (ip.kind() === 'ipv4' ? 32 : 128)

const within = (ip: Ip, { base, bits }: Range): boolean => ip.kind() === base.kind() && ip.match(base, bits)

/** IPv6 both short and with all its eight numbers: people begin to write it either way. */
const writtenForms = (ip: Ip): string[] => (ip.kind() === 'ipv4' ? [ip.toString()] : [ip.toString(), ip.toNormalizedString()])

const loopback: readonly Range[] = [
  { base: ipaddr.IPv4.parse('127.0.0.1'), bits: 8 },
  { base: ipaddr.IPv6.parse('::1'), bits: 128 },
]
