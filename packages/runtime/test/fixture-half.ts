import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const kit = new URL('../../kit/dist/index.js', import.meta.url).href

export interface FixtureHalf {
  directory: string
  remove(): Promise<void>
}

/** Writes a server half as the packer would. `files`: path below the half without `.js` to the module's text. */
export const writeHalf = async (files: Readonly<Record<string, string>>): Promise<FixtureHalf> => {
  const directory = await mkdtemp(join(tmpdir(), 'tessera-half-'))
  for (const [path, text] of Object.entries(files)) await writeModule(join(directory, `${path}.js`), text)
  const index = { format: 1, project: 'Fixture', methods: indexed(files, 'methods/'), database: indexed(files, 'database/') }
  await writeFile(join(directory, 'index.json'), JSON.stringify(index))
  return { directory, remove: () => rm(directory, { recursive: true, force: true }) }
}

/** The kit as a bundled package has it, on one line so that line numbers stay the fixture's own. */
export const withKit = (text: string): string =>
  `import { onServer, session, currentProcess, storedProcedures, progress, sessionInfo, sessionStorage, processActivity, reloadProject, TesseraError, z } from '${kit}';${text}`

const writeModule = async (path: string, text: string): Promise<void> => {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
}

const indexed = (files: Readonly<Record<string, string>>, room: string) =>
  Object.keys(files)
    .filter((path) => path.startsWith(room))
    .map((path) => ({ name: path.slice(room.length), file: `${path}.js` }))

export const serveEntry = fileURLToPath(new URL('../dist/serve.js', import.meta.url))
export const threadEntry = fileURLToPath(new URL('../dist/thread-serve.js', import.meta.url))
