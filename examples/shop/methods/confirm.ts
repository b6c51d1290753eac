import { onServer, type Session, z } from '@tessera/kit'
import { neededSession } from '../lib/server/needed-session.ts'
import { judge, type Verdict, waitingIn } from '../lib/server/sign-in-code.ts'

/** Takes the code that `signIn` sent; with the right one this session belongs to a customer from then on. */
export default onServer(
  async (code: string): Promise<{ verdict: Verdict; privileges: string[] }> => {
    const mine = neededSession()
    const verdict = await takeCode(mine, code)
    if (verdict === 'right') {
      await mine.clearPrivileges()
      await mine.setPrivileges({ roles: 'Customer' })
    }
    return { verdict, privileges: mine.getPrivileges() }
  },
  { input: z.tuple([z.string().regex(/^\d{6}$/)]) },
)

const takeCode = async ({ id, storage }: Session, code: string): Promise<Verdict> => {
  const verdicts: Verdict[] = []
  await storage.use((draft) => {
    const waiting = waitingIn(draft.signIn)
    const verdict = judge(waiting, code, id)
    if (verdict === 'right' && waiting !== null) {
      draft.customer = { email: waiting.email, since: new Date() }
      delete draft.signIn
    } else if (verdict === 'wrong') draft.signIn.triesLeft -= 1
    verdicts.push(verdict)
  })
  // The recipe ran again where somebody else changed the slot meanwhile: its last run is the one that counts.
  return verdicts.at(-1) ?? 'none'
}
