import type { SessionQuery } from '@tessera/protocol'
import { type ActDraft, type ActName, type ActTarget, takesGrace, wireTarget } from './acts.ts'

/** A word that every POSIX shell takes as it is written. */
const shellWord = (word: string): string => (/^[\w.,:/@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)

const cliQuery = ({ text, chips }: SessionQuery): string[] => ['--match', text, ...chips.flatMap((chip) => ['--chip', chip])]

/** The act as a command line. */
export const asCommand = (act: ActName, target: ActTarget, draft: ActDraft): string => {
  const who = target.kind === 'rows' ? target.rows.map(({ id }) => id) : cliQuery(target.query)
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
    "const tessera = createAdminClient({ url: process.env.TESSERA_URL, token: process.env.TESSERA_TOKEN })",
    `await tessera.sessions.${act}.mutate(${JSON.stringify({ ...wireTarget(target), ...said })})`,
  ].join('\n')
}
