import { expect, test } from '../src/fixtures.ts'

test('P20, P22 the command line gives a call its deadline, on a server and alone', async ({ house }) => {
  const { cli, url, project } = house
  expect(await cli.run(['call', url, 'waitFor', '"nothing"', '--deadline', '300'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('(DEADLINE_EXCEEDED)'),
  })
  expect(await cli.run(['run', project.directory, 'waitFor', '"nothing"', '--deadline', '300'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('(DEADLINE_EXCEEDED)'),
  })
  for (const deadline of ['0', 'soon'])
    expect(await cli.run(['call', url, 'add', '1', '2', `--deadline=${deadline}`])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('(DEADLINE_INVALID)'),
    })
  expect(await cli.ok(['call', url, 'add', '1', '2', '--deadline', '5000', '--key', 'sum'])).toBe('3\n')
})

test('P24 Ctrl+C cancels the call on the server too', async ({ house }) => {
  const { cli, url } = house
  const running = async (): Promise<unknown[]> => {
    const { processes } = await cli.json<{ processes: { method: string | null }[] }>(['processes', 'list'])
    return processes.filter(({ method }) => method === 'waitFor')
  }
  const program = cli.start(['call', url, 'waitFor', '"nothing"'])
  await expect.poll(running).toHaveLength(1)
  process.kill(program.pid, 'SIGINT')
  expect(await program.ended).toMatchObject({ code: 1 })
  expect(program.stderr).toContain('(CALL_CANCELLED)')
  expect(await running()).toEqual([])
})
