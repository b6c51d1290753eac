/** Methods that keep something in each place where a session keeps things, and a client half that calls them when it is told to. */
export const lifeFiles: Readonly<Record<string, string>> = {
  'methods/remember.ts': `import { onServer, session, type Storable } from '@tessera/kit'

export default onServer(async (slot: string, value: Storable) => {
  await session()?.storage.use((draft) => {
    draft[slot] = value
  })
})
`,
  'methods/count.ts': `import { currentProcess, onServer, session } from '@tessera/kit'

/** Counts in a variable of the process; answers what the storage holds with it. */
export default onServer(() => {
  const { variables } = currentProcess()
  const count = Number(variables.get('count') ?? 0) + 1
  variables.set('count', count)
  return { count, cart: session()?.storage.get('cart') ?? null }
})
`,
  'database/onStartup.ts': `import { remote } from '@tessera/kit'
import count from '../methods/count.ts'
import remember from '../methods/remember.ts'

export default async (): Promise<void> => {
  remote.on('message', ({ text }) => console.log(\`told \${text}\`))
  remote.on('resumed', ({ restarted }) => console.log(\`resumed, restarted \${restarted}\`))
  process.on('SIGUSR2', async () => {
    const { count: times, cart } = await count()
    console.log(\`count \${times} cart \${cart}\`)
  })
  await remember('cart', 'three apples')
  console.log(\`ready \${process.pid} in \${remote.sessionId}\`)
}
`,
}
