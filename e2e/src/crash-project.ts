/** Notes each beginning of a database method, and keeps a key for each call. */
export const crashFiles: Readonly<Record<string, string>> = {
  'lib/server/note.ts': `import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { currentProcess, session } from '@tessera/kit'

/** Names are given once in each session; numbers begin anew with each server. */
export const note = (what: string): void =>
  appendFileSync(join(process.env['TESSERA_PROJECT_DATA'] ?? '.', 'notes'), \`\${what} \${session()?.id} \${currentProcess().name}\\n\`)
`,
  'database/onServerOpenConnection.ts': `import { note } from '../lib/server/note.ts'

export default (): number => {
  note('open')
  return 0
}
`,
  'database/onServerCloseConnection.ts': `import { note } from '../lib/server/note.ts'

export default (): void => note('close')
`,
  'methods/keep.ts': `import { onServer, session } from '@tessera/kit'

export default onServer(async (key: string) => {
  await session()?.storage.use((draft) => {
    draft[key] = 1
  })
})
`,
}
