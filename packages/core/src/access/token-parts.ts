import type { Ports } from '../ports/index.ts'
import type { Session } from '../session/session.ts'

type JournalPorts = Pick<Ports, 'journal' | 'logger'>

/** Parts of one session's state by name; null removes the part. */
export type Parts = readonly (readonly [part: string, text: string | null])[]

/** Only a client's session outlives the server: whatever else is alive ends with it. */
const isKept = (session: Session): boolean => session.kind === 'remote' && session.state.name !== 'closed'

/** Keeps all of the parts or none; whoever is told of them is told afterwards. @throws TesseraError `JOURNAL_UNWRITABLE`. */
export const keepParts = async ({ journal }: JournalPorts, session: Session, parts: Parts): Promise<void> => {
  if (isKept(session)) await journal.append(parts.map(([part, text]) => ({ session: session.id, part, text })))
}

/** For what nobody waits for: losing it in a crash costs nothing but a stale count or a record that has expired. */
export const keepPartsSoon = (ports: JournalPorts, session: Session, parts: Parts): void => {
  keepParts(ports, session, parts).catch((error: unknown) => {
    ports.logger.warn('A change of one-time tokens was not kept', { session: session.id, error: String(error) })
  })
}
