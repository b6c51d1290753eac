import { expect, test } from '../src/fixtures.ts'

const files = {
  'tessera.json': JSON.stringify({
    name: 'Procedures',
    schedules: [
      { name: 'every second', cron: '* * * * * *', timeZone: 'UTC', method: 'tick', args: ['by clock'] },
      { name: 'at new year', cron: '0 0 1 1 *', method: 'tick', args: ['by hand'] },
    ],
  }),
  'lib/note.ts': `import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
export const note = (text: string): void => appendFileSync(join(process.env.TESSERA_PROJECT_DATA ?? '.', 'notes'), \`\${text}\\n\`)
`,
  'methods/tick.ts': `import { note } from '../lib/note.ts'
export default async (how: string): Promise<string> => {
  note(how)
  return how
}
`,
  'methods/tidy.ts': `import { currentProcess, onServer, progress } from '@tessera/kit'
import { note } from '../lib/note.ts'
export default onServer(async (name: string): Promise<string> => {
  progress(0.4, 'waiting')
  const { signal } = currentProcess()
  const reason = await new Promise<string>((resolve) => signal.onAbort(() => resolve(signal.reason ?? '')))
  note(\`\${name} is told: \${reason}\`)
  await new Promise((resolve) => setTimeout(resolve, 500))
  note(\`\${name} is tidy\`)
  return \`\${name} left\`
})
`,
  'database/onServerShutdown.ts': `import { note } from '../lib/note.ts'
export default (): void => note('shutdown')
`,
}

test('K25 a client starts a stored procedure on a real server, follows and cancels it; a schedule runs; a stop lets what runs end', async ({
  newProject,
  serve,
  connect,
}) => {
  const server = await serve({ project: newProject(files) })
  const remote = await connect(server.url)
  const handle = await remote.storedProcedures.start('tidy', ['ana'], { name: 'tidying' })
  expect(handle.number).toBeLessThan(0)
  const heard: unknown[] = []
  handle.onProgress((progress) => heard.push(progress))
  await expect.poll(() => heard).toEqual([{ fraction: 0.4, text: 'waiting' }])
  expect(await handle.cancel('enough')).toBe(true)
  expect(await handle.result).toBe('ana left')
  expect(await handle.cancel()).toBe(false)
  expect(await remote.storedProcedures.start('tick', []).catch(({ code }: { code: string }) => code)).toBe('METHOD_NOT_FOUND')

  await expect.poll(() => server.notes('notes').filter((note) => note === 'by clock').length).toBeGreaterThan(0)
  await server.cli.ok(['schedules', 'start', 'at new year'])
  await expect
    .poll(async () => (await server.cli.json<{ schedules: unknown[] }>(['schedules', 'list'])).schedules)
    .toMatchObject([
      { name: 'every second', last: { ok: true }, skipped: 0 },
      { name: 'at new year', method: 'tick', nextAt: expect.stringMatching(/-01-01T/), last: { ok: true } },
    ])

  const { processId } = await server.cli.json<{ processId: string }>(['procedures', 'start', 'tidy', '"console"'])
  await server.cli.ok(['procedures', 'cancel', processId, '--reason', 'closing time'])
  await expect.poll(() => server.notes('notes')).toContain('console is tidy')

  await remote.storedProcedures.start('tidy', ['ben'])
  expect(await server.stop()).toMatchObject({ code: 0 })
  const notes = server.notes('notes')
  expect(notes).toContain('console is told: closing time')
  expect(notes.slice(notes.indexOf('shutdown'))).toEqual(['shutdown', expect.stringContaining('ben is told: '), 'ben is tidy'])
})
