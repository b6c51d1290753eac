import type { SessionChip, SessionQuery } from '@tessera/protocol'
import { type ActDraft, type ActName, type ActTarget, takesGrace, wireTarget } from './acts.ts'

/** A word that every POSIX shell takes as it is written. */
const shellWord = (word: string): string => (/^[\w.,:/@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)

const kinds: readonly SessionChip[] = ['remote', 'storedProcedures', 'standalone', 'web']

const otherTerms: Partial<Record<SessionChip, string>> = {
  counted: 'is:counted',
  outdated: 'is:outdated',
  postponed: 'state:postponed',
  sleeping: 'state:sleeping',
  unreachable: 'state:unreachable',
}

/** The query as text alone, which is what the command line takes; null where chips say what no term does. */
const queryAsText = ({ text, chips }: SessionQuery): string | null => {
  const chosen = chips.filter((chip) => kinds.includes(chip))
  if (chosen.length > 1) return null
  const others = chips.flatMap((chip) => otherTerms[chip] ?? [])
  const terms = [...chosen.map((kind) => `kind:${kind}`), ...others]
  return [text, ...terms].filter((part) => part !== '').join(' ')
}

/** The act as a command line, where one can say it. */
export const asCommand = (act: ActName, target: ActTarget, draft: ActDraft): string | null => {
  const query = target.kind === 'matching' ? queryAsText(target.query) : ''
  if (query === null) return null
  const who = target.kind === 'rows' ? target.rows.map(({ id }) => id) : ['--match', query]
  const grace = takesGrace(act) ? ['--grace', String(draft.graceSeconds)] : []
  const words = act === 'message' ? [...who, draft.reason] : [...who, ...grace, '--reason', draft.reason]
  return ['tessera', 'sessions', act, ...words].map((word) => (word === '' ? "''" : shellWord(word))).join(' ')
}

/** The act as a line of a script. */
export const asScript = (act: ActName, target: ActTarget, draft: ActDraft): string => {
  const said = act === 'message' ? { text: draft.reason } : { reason: draft.reason, ...(takesGrace(act) ? { graceSeconds: draft.graceSeconds } : {}) }
  return [
    "import { createAdminClient } from '@tessera/client'",
    '',
    'const tessera = createAdminClient({ url: process.env.TESSERA_URL, token: process.env.TESSERA_TOKEN })',
    `await tessera.sessions.${act}.mutate(${JSON.stringify({ ...wireTarget(target), ...said })})`,
  ].join('\n')
}
