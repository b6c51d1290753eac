import { onServer, z } from '@tessera/kit'
import { neededSession } from '../lib/server/needed-session.ts'
import { sendMail } from '../lib/server/outbox.ts'
import { newSignIn } from '../lib/server/sign-in-code.ts'

/** Sends a code to the address; `confirm` takes it. */
export default onServer(
  async (email: string): Promise<{ expiresAt: Date }> => {
    const mine = neededSession()
    const { code, waiting } = newSignIn(email, mine.id)
    await mine.storage.use((draft) => {
      draft.signIn = waiting
    })
    await sendMail({ to: email, subject: 'Your code for the shop', text: `Your code: ${code}\nIt is good for five minutes.` })
    return { expiresAt: waiting.expiresAt }
  },
  { input: z.tuple([z.email().max(60)]) },
)
