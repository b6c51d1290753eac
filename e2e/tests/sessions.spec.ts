import { expect, test } from '../src/fixtures.ts'

test('G18 two processes of a client see one storage, two clients never each other’s', async ({ house, connect }) => {
  const ana = await connect(house.url)
  const luis = await connect(house.url)
  const second = await ana.process('second window')
  await ana.call('remember', 'cart', { apples: 3 })
  expect(await second.call('recall', 'cart')).toEqual({ apples: 3 })
  expect(await luis.call('recall', 'cart')).toBeNull()
  await second.call('remember', 'cart', { apples: 4 })
  expect(await ana.call('recall', 'cart')).toEqual({ apples: 4 })
  await luis.call('remember', 'cart', 'pears')
  expect(await second.call('recall', 'cart')).toEqual({ apples: 4 })
  await second.close()
})

test('G18 all stored procedures share one storage, which no client sees', async ({ house, connect }) => {
  const start = (method: string, ...args: unknown[]): Promise<{ result: unknown }> =>
    house.cli.json(['procedures', 'start', method, ...args.map((value) => JSON.stringify(value)), '--wait'])
  await start('remember', 'tally', 7)
  expect((await start('recall', 'tally')).result).toBe(7)
  const remote = await connect(house.url)
  expect(await remote.call('recall', 'tally')).toBeNull()
  expect(await house.cli.json(['storage', 'get', 'procedures', 'tally'])).toMatchObject({ slots: { tally: 7 } })
})

test('G18 session() is the caller’s own, and null outside a call', async ({ house, connect }) => {
  const [ana, luis] = [await connect(house.url), await connect(house.url)]
  expect(await ana.call('whoAmI')).toMatchObject({ session: ana.sessionId, whileLoading: null })
  expect(await luis.call('whoAmI')).toMatchObject({ session: luis.sessionId, whileLoading: null })
  const { result } = await house.cli.json<{ result: { session: string } }>(['procedures', 'start', 'whoAmI', '--wait'])
  expect([ana.sessionId, luis.sessionId]).not.toContain(result.session)
})

test('G19 an unknown method, arguments that do not fit and an error of the project each come back as what they are', async ({ house, connect }) => {
  const remote = await connect(house.url)
  await expect(remote.call('noSuchMethod')).rejects.toMatchObject({ code: 'METHOD_NOT_FOUND' })
  await expect(remote.call('add', 1, 'two')).rejects.toMatchObject({ code: 'ARGUMENTS_INVALID', message: expect.stringMatching(/1/) })
  await expect(remote.call('refuse', 'sold out')).rejects.toMatchObject({
    code: 'METHOD_ERROR',
    className: 'OrderRefused',
    message: 'sold out',
    stack: expect.stringMatching(/methods\/refuse\.ts/),
  })
  expect(await remote.call('add', 1, 2)).toBe(3)
})
