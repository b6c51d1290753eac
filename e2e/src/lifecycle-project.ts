/** Writes down what the database methods are called with, and does as the files in the project's data folder say. */
export const lifecycleFiles: Readonly<Record<string, string>> = {
  'lib/server/notes.ts': `import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const place = (name: string): string => join(process.env['TESSERA_PROJECT_DATA'] ?? '.', name)

export const note = (line: string): void => appendFileSync(place('notes'), \`\${line}\\n\`)
export const isThere = (name: string): boolean => existsSync(place(name))
export const told = (name: string): string => (isThere(name) ? readFileSync(place(name), 'utf8').trim() : '')
`,
  'database/onServerStartup.ts': `import { isThere, note } from '../lib/server/notes.ts'

const open = async (): Promise<void> => {
  while (isThere('closed')) await new Promise((resolve) => setTimeout(resolve, 25))
}

export default async (): Promise<void> => {
  note('startup begins')
  await open()
  note('startup ends')
}
`,
  'database/onServerShutdown.ts': `import { note } from '../lib/server/notes.ts'

export default (): void => note('shutdown')
`,
  'database/onServerOpenConnection.ts': `import { note, told } from '../lib/server/notes.ts'

export default (_userId: number, connectionId: number): { code: number; text?: string } | number => {
  note(\`open \${connectionId}\`)
  const text = told('refuse')
  return text === '' ? 0 : { code: 42, text }
}
`,
  'database/onServerCloseConnection.ts': `import { note } from '../lib/server/notes.ts'

export default (_userId: number, connectionId: number): void => note(\`close \${connectionId}\`)
`,
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
  'methods/forever.ts': `import { currentProcess, onServer } from '@tessera/kit'

/** Until it is told to stop, or its isolate is gone. */
export default onServer(
  () =>
    new Promise<string>((resolve) => {
      currentProcess().signal.onAbort(() => resolve('stopped'))
    }),
)
`,
}
