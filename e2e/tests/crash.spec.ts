import { expect, test } from '../src/fixtures.ts'
import { lifecycleFiles } from '../src/lifecycle-project.ts'

interface Processes {
  processes: { sessionId: string; isolate: string | null; method: string | null }[]
}

test('G15 and G17 a killed isolate interrupts its own calls and nothing else; a killed server starts again at once', async ({
  newProject,
  launch,
  serve,
  connect,
  folder,
}) => {
  const project = newProject(lifecycleFiles)
  const dataDirectory = `${folder}/data`
  const server = await serve({ project, dataDirectory })
  const clients = await Promise.all(Array.from({ length: 4 }, () => connect(server.url)))
  for (const [index, client] of clients.entries()) await client.call('remember', 'mine', index)
  const isolateOf = async (id: string): Promise<string> => {
    const { processes } = await server.cli.json<Processes>(['processes', 'list', '--session', id])
    return processes[0]?.isolate ?? ''
  }
  const isolates = await Promise.all(clients.map(({ sessionId }) => isolateOf(sessionId)))
  const victim = isolates[0] ?? ''
  expect(new Set(isolates).size).toBe(2)

  const calls = clients.map((client) => client.call('forever').catch((error: { code?: string }) => error.code))
  await expect.poll(async () => (await server.cli.json<Processes>(['processes', 'list'])).processes.filter(({ method }) => method === 'forever').length).toBe(4)
  process.kill(server.isolatePid(victim), 'SIGKILL')
  const hit = calls.filter((_, index) => isolates[index] === victim)
  expect(await Promise.all(hit)).toEqual(hit.map(() => 'CALL_INTERRUPTED'))

  const wounded = clients.filter((_, index) => isolates[index] === victim)
  for (const client of wounded) expect(await client.call('recall', 'mine')).toBe(clients.indexOf(client))
  const { processes } = await server.cli.json<Processes>(['processes', 'list'])
  const others = clients.filter((client) => !wounded.includes(client)).map(({ sessionId }) => sessionId)
  expect(processes.filter(({ method, sessionId }) => method === 'forever' && others.includes(sessionId))).toHaveLength(others.length)

  const isolatePid = server.isolatePid(isolates.find((isolate) => isolate !== victim) ?? '')
  await server.kill()
  const again = await launch({ project, dataDirectory, port: server.port }).ready()
  const remote = await connect(again.url)
  expect(await remote.call('hello', 'you')).toBe('Hello, you!')
  // No isolate outlives its server.
  await expect.poll(() => isRunning(isolatePid)).toBe(false)
  await Promise.all(calls)
})

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
