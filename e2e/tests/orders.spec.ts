import { join } from 'node:path'
import { expect, test } from '../src/fixtures.ts'

const files = {
  'methods/ring.ts': `export default (times: number, text: string): string => {
  if (times > 9) throw new RangeError('too often')
  console.log(\`rings \${times} times: \${text}\`)
  return \`rang \${times} times in \${process.pid}\`
}
`,
  'methods/ringAll.ts': `import { executeOnClient, onServer, registeredClients, sendMessage } from '@tessera/kit'

export default onServer(async (times: number) => {
  const { recipients, received } = await sendMessage({ client: 'till@' }, 'It rings')
  const order = await executeOnClient('TILL@', 'ring', times, 'from code')
  const results = await order.results
  return {
    clients: (await registeredClients()).map(({ name, pending }) => \`\${name} \${pending}\`),
    results: results.map((result) => (result.state === 'done' ? result.value : result.error.code)),
    told: recipients.length,
    received: (await received).map(({ state }) => state),
  }
})
`,
  'database/onStartup.ts': `import { remote } from '@tessera/kit'

export default async (): Promise<void> => {
  await remote.register('till')
  await remote.register('again').catch((error) => console.log(error.code))
  console.log(\`ready in \${remote.sessionId}\`)
}
`,
}

interface Sent {
  id: string
  recipients: { state: string; value: unknown; error: { code: string } | null }[]
}

test('P72, P73, K34, G50 a client half registers; operators and code have it run its methods, also after the server was killed', async ({
  newProject,
  launch,
  follow,
  connect,
  folder,
}) => {
  const options = { project: newProject(files), dataDirectory: join(folder, 'data') }
  const server = await launch(options).ready()
  const { cli, url } = server
  const till = follow(cli.start(['connect', url]))
  await till.hears(/ALREADY_EXISTS\nready in [0-9A-F]{32}/)

  expect(await cli.json(['clients', 'list'])).toMatchObject({ clients: [{ name: 'till', pending: 0 }] })
  const { recipients } = await cli.json<Sent>(['clients', 'order', 'T@', 'ring', '2', '"from the desk"', '--wait'])
  expect(recipients).toMatchObject([{ state: 'done', value: expect.stringMatching(/^rang 2 times in \d+$/) }])
  await till.hears(/rings 2 times: from the desk/)

  const remote = await connect(url)
  expect(await remote.call('ringAll', 3)).toMatchObject({
    clients: ['till 0'],
    results: [expect.stringContaining('rang 3 times')],
    told: 1,
    received: ['received'],
  })
  expect(await remote.call('ringAll', 10)).toMatchObject({ results: ['METHOD_ERROR'] })
  const failed = await cli.run(['clients', 'order', 'till', 'ringAll', '--wait'])
  expect([failed.code, failed.stdout]).toEqual([1, expect.stringContaining('METHOD_NOT_FOUND')])
  const nobody = await cli.run(['clients', 'order', 'desk', 'ring'])
  expect([nobody.code, nobody.stderr]).toEqual([1, expect.stringContaining('CLIENT_NOT_REGISTERED')])

  await server.kill()
  const next = await launch({ ...options, port: server.port }).ready()
  const late = await next.cli.json<Sent>(['clients', 'order', 'till', 'ring', '4', '"after the restart"', '--wait'])
  expect(late.recipients).toMatchObject([{ state: 'done', value: expect.stringContaining('rang 4 times') }])
})
