import { ConnectionRefused, type Storable } from '@tessera/protocol'

/**
 * Reads what `onServerOpenConnection` returned: nothing or 0 accepts; another number, alone or as `{ code, text }`, refuses
 * (4d.md DBM-14, DBM-19). An answer of any other shape refuses too: it fails closed.
 */
export const connectionRefused = (answer: Storable): ConnectionRefused | null => {
  if (answer === null || answer === 0) return null
  const returned = returnedOf(answer)
  if (returned.code === 0) return null
  const why = returned.text === undefined ? `The project refused the connection (${returned.code}).` : returned.text
  return new ConnectionRefused('OPEN_CONNECTION_REFUSED', why, { returned })
}

const returnedOf = (answer: Storable): { code: number; text?: string } => {
  if (typeof answer === 'number') return { code: answer }
  const { code, text } = typeof answer === 'object' ? { code: undefined, text: undefined, ...answer } : {}
  if (typeof code !== 'number') return { code: -1, text: 'The project answered neither with a number nor with { code, text }: the connection is refused.' }
  return typeof text === 'string' ? { code, text } : { code }
}
