import { expect, test } from '../src/fixtures.ts'
import { freePort } from '../src/free-port.ts'

test('B3 whoever uses the command line wrongly gets exit code 2', async ({ cli }) => {
  for (const args of [['no-such-verb'], ['serve'], ['sessions', 'list', '--no-such-option'], ['pack', 'somewhere']]) {
    const { code, stdout, stderr } = await cli.run(args)
    expect({ args, code, stdout }).toEqual({ args, code: 2, stdout: '' })
    expect(stderr).toMatch(/^(error|Usage|tessera)/m)
  }
})

test('B3 what fails ends with 1 and one line with its code', async ({ house, cli }) => {
  const nowhere = `localhost:${await freePort()}`
  const failures: [readonly string[], string][] = [
    [['call', house.url, 'noSuchMethod'], 'METHOD_NOT_FOUND'],
    [['call', house.url, 'add', '1', '"two"'], 'ARGUMENTS_INVALID'],
    [['call', house.url, 'add', 'one'], 'BAD_REQUEST'],
    [['call', house.url, 'refuse', '"sold out"'], 'METHOD_ERROR'],
    [['call', nowhere, 'hello'], 'SERVER_UNREACHABLE'],
    [['sessions', 'show', 'F'.repeat(32)], 'SESSION_NOT_FOUND'],
    [['sessions', 'disconnect'], 'BAD_REQUEST'],
    [['procedures', 'start', 'noSuchMethod'], 'METHOD_NOT_FOUND'],
    [['directory', 'disable', 'Nobody'], 'USER_NOT_FOUND'],
    [['check', '/no/such/project'], 'PROJECT_NOT_FOUND'],
  ]
  for (const [args, code] of failures) {
    const result = await house.cli.run(args)
    expect({ args, code: result.code, stdout: result.stdout }).toEqual({ args, code: 1, stdout: '' })
    expect(result.stderr).toMatch(new RegExp(`^tessera: [^\\n]+ \\(${code}\\)\\n$`))
  }
  const lonely = await cli.run(['sessions', 'list'])
  expect(lonely).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^tessera: [^\n]+ \(SERVER_UNREACHABLE\)\n$/) })
})

test('B3 a server elsewhere is administered with a token, and with none it is not', async ({ house, cli }) => {
  const { token } = await house.cli.json<{ token: string }>(['token', 'create', 'reader', '--role', 'viewer'])
  const with_ = (value: string) => ({ env: { TESSERA_TOKEN: value } })
  expect((await cli.run(['sessions', 'list', '--url', house.url], with_(token))).code).toBe(0)
  expect(await cli.run(['versions', 'reload', '--url', house.url], with_(token))).toMatchObject({ code: 1, stderr: expect.stringMatching(/\(NOT_ALLOWED\)/) })
  expect(await cli.run(['sessions', 'list', '--url', house.url], with_('x'.repeat(43)))).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/\(SIGN_IN_REQUIRED\)/),
  })
  expect(await cli.run(['sessions', 'list', '--url', house.url])).toMatchObject({ code: 1, stderr: expect.stringMatching(/\(SIGN_IN_REQUIRED\)/) })
  await house.cli.ok(['token', 'revoke', 'reader'])
  expect(await cli.run(['sessions', 'list', '--url', house.url], with_(token))).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/\(SIGN_IN_REQUIRED\)/),
  })
})
