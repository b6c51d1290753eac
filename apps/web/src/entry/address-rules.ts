import type { AddressRule } from '@tessera/protocol'

/** An address or a range, or its beginning and `*`; the server has the last word. */
const pattern = /^(?:[\da-f]{0,4}[.:][\da-f.:]*(?:\/\d{1,3})?|[\da-f.:]*\*)$/i

export const isAddressPattern = (ip: string): boolean => pattern.test(ip.trim())

/** A rule while it is edited: `key` stays with it wherever it is moved. */
export interface DraftRule extends AddressRule {
  key: number
}

export const draftOf = (rules: readonly AddressRule[]): DraftRule[] => rules.map((rule, key) => ({ ...rule, key }))

export const rulesOf = (draft: readonly DraftRule[]): AddressRule[] => draft.map(({ mode, ip }) => ({ mode, ip: ip.trim() }))

export const addRule = (draft: readonly DraftRule[]): DraftRule[] => [
  ...draft,
  { mode: 'allow', ip: '', key: Math.max(-1, ...draft.map(({ key }) => key)) + 1 },
]

/** One place up (-1) or down (1); where there is no such place nothing happens. */
export const moveRule = (draft: readonly DraftRule[], index: number, by: -1 | 1): DraftRule[] => {
  const moved = draft[index]
  const other = draft[index + by]
  if (moved === undefined || other === undefined) return [...draft]
  return draft.map((rule, at) => (at === index ? other : at === index + by ? moved : rule))
}

export const sameRules = (a: readonly AddressRule[], b: readonly AddressRule[]): boolean =>
  a.length === b.length && a.every(({ mode, ip }, index) => mode === b[index]?.mode && ip === b[index]?.ip)

/** Whether what no rule decides is refused: an empty table lets in, and so does one that ends with an allowance for all. */
export const refusesOthers = (rules: readonly AddressRule[]): boolean => rules.length > 0 && !rules.some(({ ip }) => ip === '*')
