/** Notes each beginning of a database method, and keeps a key for each call. */
export const crashFiles: Readonly<Record<string, string>> = {
  'lib/server/note.ts': `import { appendFileSync } from 'node:fs'
import { join } from 'node:path'

export const note = (line: string): void => appendFileSync(join(process.env['TESSERA_PROJECT_DATA'] ?? '.', 'notes'), \`\${line}\\n\`)
`,
  'database/onServerOpenConnection.ts': `import { note } from '../lib/server/note.ts'

export default (_userId: number, connectionId: number): number => {
  note(\`open \${connectionId}\`)
  return 0
}
`,
  'database/onServerCloseConnection.ts': `import { note } from '../lib/server/note.ts'

export default (_userId: number, connectionId: number): void => note(\`close \${connectionId}\`)
`,
  'methods/keep.ts': `import { onServer, session } from '@tessera/kit'

export default onServer(async (key: string) => {
  await session()?.storage.use((draft) => {
    draft[key] = 1
  })
})
`,
}
