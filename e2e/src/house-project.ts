/** The project that most tests share: small methods that each show one thing. */
export const houseFiles: Readonly<Record<string, string>> = {
  'tessera.json': `${JSON.stringify({ name: 'House', publication: 'House', port: 19813, clientRange: { min: 1, max: 1 } }, null, 2)}\n`,
  'roles.json': `${JSON.stringify(
    {
      privileges: [
        { privilege: 'viewProducts', includes: [] },
        { privilege: 'editProducts', includes: ['viewProducts'] },
      ],
      roles: [],
      permissions: { allowed: [] },
      restrictedByDefault: false,
      forceLogin: false,
    },
    null,
    2,
  )}\n`,
  'methods/remember.ts': `import { onServer, session, type Storable } from '@tessera/kit'

export default onServer(async (slot: string, value: Storable) => {
  await session()?.storage.use((draft) => {
    draft[slot] = value
  })
})
`,
  'methods/recall.ts': `import { onServer, session } from '@tessera/kit'

export default onServer((slot: string) => session()?.storage.get(slot) ?? null)
`,
  'methods/oneTimeToken.ts': `import { onServer, session } from '@tessera/kit'

export default onServer(() => session()?.createOTP({ lifespan: 60 }) ?? '')
`,
  'methods/whoAmI.ts': `import { currentProcess, onServer, session } from '@tessera/kit'

/** Nobody calls while the module is loaded. */
const whileLoading = session()?.id ?? null

export default onServer(() => ({ session: session()?.id ?? null, whileLoading, process: currentProcess().number }))
`,
  'methods/add.ts': `import { onServer, z } from '@tessera/kit'

export default onServer((a: number, b: number) => a + b, { input: z.tuple([z.number(), z.number()]) })
`,
  'methods/length.ts': `import { onServer } from '@tessera/kit'

export default onServer((text: string) => text.length)
`,
  'methods/waitFor.ts': `import { onServer, session, type Storable } from '@tessera/kit'

/** Answers what a slot holds, as soon as it holds something. */
export default onServer(async (slot: string): Promise<Storable> => {
  const storage = session()?.storage
  if (!storage) throw new Error('no session')
  const present = storage.get(slot)
  if (present !== undefined) return present
  return new Promise((resolve) => {
    const stop = storage.watch(slot, (value) => {
      if (value === undefined) return
      stop()
      resolve(value)
    })
  })
})
`,
  'methods/refuse.ts': `import { onServer } from '@tessera/kit'

class OrderRefused extends Error {}

export default onServer((why: string) => {
  throw new OrderRefused(why)
})
`,
  'methods/grant.ts': `import { onServer, session } from '@tessera/kit'

export default onServer(async (names: string[]) => {
  await session()?.setPrivileges(names)
  return session()?.getPrivileges() ?? []
})
`,
  'methods/report.ts': `import { onServer, progress, session } from '@tessera/kit'
import waitFor from './waitFor.ts'

/** Stops half way until somebody sets the slot, then writes its report. */
export default onServer(async (slot: string) => {
  progress(0.5, 'half way')
  const rows = await waitFor(slot)
  await session()?.storage.use((draft) => {
    draft['report'] = { rows }
  })
  progress(1, 'done')
  return { rows }
})
`,
}
