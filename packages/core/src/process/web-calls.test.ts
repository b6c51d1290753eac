import { describe, expect, test } from 'vitest'
import { createGate, type ScriptedMethod, startTestEngine, TestBrowser, type TestProject } from '../testing/index.ts'

const roles = JSON.stringify({
  privileges: [{ privilege: 'Sales' }, { privilege: 'Stock', includes: ['Sales'] }, { privilege: 'Books' }],
  roles: [],
  permissions: { allowed: [] },
})

const otp: ScriptedMethod = async (scope) => (await scope.ask({ kind: 'otp.create', lifespan: null })).token

const project: TestProject = {
  roles,
  methods: {
    open: { run: (scope) => `${scope.process.name} ${scope.session.facts().id}`, exposed: true },
    hidden: () => 'for clients',
    inner: { run: () => 'nowhere', exposed: true, onServer: false },
    ofSales: { run: () => 'in', exposed: true, groups: ['Salespeople'] },
    lend: {
      run: async (scope, ...names) => {
        const answers = []
        for (const name of names) answers.push(await scope.ask({ kind: 'privileges.promote', name: String(name) }))
        return answers.map(({ id, promoted }) => [id, ...promoted])
      },
      exposed: true,
    },
    lendAndTake: {
      run: async (scope) => {
        const lent = await scope.ask({ kind: 'privileges.promote', name: 'stock' })
        const unknown = await scope.ask({ kind: 'privileges.demote', id: lent.id + 7 })
        const taken = await scope.ask({ kind: 'privileges.demote', id: lent.id })
        const again = await scope.ask({ kind: 'privileges.promote', name: 'Stock' })
        return [lent.id, [...unknown.promoted], [...taken.promoted], again.id]
      },
      exposed: true,
    },
    hold: { run: async (scope) => [...(await scope.ask({ kind: 'privileges.set', names: ['Books'], roles: [] })).privileges], exposed: true },
  },
}

describe('web calls', () => {
  test('S34 a browser calls exposed methods and no others, in its session’s web process', async () => {
    const engine = await startTestEngine({ project })
    const browser = await TestBrowser.visit(engine.engine)
    expect(await browser.call('open')).toBe(`web ${browser.id}`)
    for (const method of ['hidden', 'inner', 'nothing', '__proto__', '']) {
      await expect(browser.call(method)).rejects.toMatchObject({ code: 'METHOD_NOT_FOUND' })
    }
    await expect(browser.call('ofSales')).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
    await expect(browser.call('open', 'x'.repeat(1_048_576))).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' })
    expect(engine.reads.session(browser.id)).toMatchObject({ processes: 1, calls: 1, processList: [{ kind: 'web', name: 'web', state: 'idle' }] })
  })

  test('S34 calls of one session run one at a time in the order in which they came, beside those of others', async () => {
    const gate = createGate()
    const order: string[] = []
    const slow = async (_scope: unknown, name: unknown): Promise<void> => {
      order.push(`${name} begins`)
      if (name === 'first') await gate.passed
      order.push(`${name} ends`)
    }
    const engine = await startTestEngine({ project: { methods: { slow: { run: slow, exposed: true } } } })
    const [one, two] = [await TestBrowser.visit(engine.engine), await TestBrowser.visit(engine.engine)]
    const calls = [one.call('slow', 'first'), one.call('slow', 'second'), one.call('slow', 'third')]
    await two.call('slow', 'other')
    gate.open()
    await Promise.all(calls)
    expect(order).toEqual(['first begins', 'other begins', 'other ends', 'first ends', 'second begins', 'second ends', 'third begins', 'third ends'])
  })

  test('S34 Open and Close Connection know nothing of browsers, and a client nothing of its browsers’ process', async () => {
    const seen: string[] = []
    const database = {
      onServerOpenConnection: (_scope: unknown, _user: unknown, number: unknown) => void seen.push(`open ${number}`),
      onServerCloseConnection: (_scope: unknown, _user: unknown, number: unknown) => void seen.push(`close ${number}`),
    }
    const engine = await startTestEngine({ project: { ...project, database, methods: { ...project.methods, otp } } })
    const ana = await engine.connect()
    const guest = await TestBrowser.visit(engine.engine)
    const share = await TestBrowser.enter(engine.engine, String(await ana.call('otp')))
    await guest.call('open')
    expect(await share?.call('open')).toBe(`web ${ana.id}`)
    const web = ana.row.processList.find(({ kind }) => kind === 'web')?.number ?? 0
    await expect(ana.callIn(web, 'hidden')).rejects.toMatchObject({ code: 'PROCESS_NOT_FOUND' })
    await ana.lose()
    expect((await ana.resume()).processes).toHaveLength(1)
    await ana.close()
    await guest.close()
    expect(seen).toEqual([`open ${ana.welcome.mainProcess.number}`, `close ${ana.welcome.mainProcess.number}`])
  })

  test('S34 a share’s calls follow its session to another version', async () => {
    const engine = await startTestEngine({
      project: { methods: { version: { run: () => 1, exposed: true }, otp } },
    })
    const ana = await engine.connect()
    const share = await TestBrowser.enter(engine.engine, String(await ana.call('otp')))
    expect(await share?.call('version')).toBe(1)
    const { version } = await engine.publish({ methods: { version: { run: () => 2, exposed: true } } })
    expect(await share?.call('version')).toBe(1)
    await ana.move(version.id)
    expect(await share?.call('version')).toBe(2)
  })

  test('S34 a browser’s call that runs or waits when the session ends is told so', async () => {
    const gate = createGate()
    const engine = await startTestEngine({ project: { methods: { wait: { run: () => gate.passed, exposed: true } } } })
    const browser = await TestBrowser.visit(engine.engine)
    const calls = [browser.call('wait'), browser.call('wait')]
    await engine.settle()
    await browser.close()
    const settled = await Promise.allSettled(calls)
    expect(settled).toMatchObject([{ reason: { code: 'CALL_CANCELLED' } }, { reason: { code: 'SESSION_ENDED' } }])
    gate.open()
  })

  test('S36 a web call is lent what it does not hold, under ids that rise by one, and is lent it until it ends', async () => {
    const engine = await startTestEngine({ project })
    const browser = await TestBrowser.visit(engine.engine)
    expect(await browser.call('lend', 'STOCK', 'Books', 'books', 'Sales', 'Unknown', '')).toEqual([
      [1, 'Sales', 'Stock'],
      [2, 'Books', 'Sales', 'Stock'],
      [0, 'Books', 'Sales', 'Stock'],
      [0, 'Books', 'Sales', 'Stock'],
      [0, 'Books', 'Sales', 'Stock'],
      [0, 'Books', 'Sales', 'Stock'],
    ])
    expect(engine.reads.privileges(browser.id).privileges).toEqual([])
    expect(await browser.call('lend', 'Stock')).toEqual([[3, 'Sales', 'Stock']])
    await browser.call('hold')
    expect(await browser.call('lend', 'Books')).toEqual([[0]])
  })

  test('S36 demote takes back what that id lent and nothing else', async () => {
    const engine = await startTestEngine({ project })
    const browser = await TestBrowser.visit(engine.engine)
    expect(await browser.call('lendAndTake')).toEqual([1, ['Sales', 'Stock'], [], 2])
  })

  test('S36 nothing is lent to a call that is none of the web, nor to what a call left behind', async () => {
    const engine = await startTestEngine({ project })
    const ana = await engine.connect()
    expect(await ana.call('lend', 'Stock')).toEqual([[0]])
    expect(await ana.call('lendAndTake')).toEqual([0, [], [], 0])
    const left: Promise<unknown>[] = []
    const gate = createGate()
    const leave: TestProject = {
      roles,
      methods: {
        leave: { run: (scope) => void left.push(gate.passed.then(() => scope.ask({ kind: 'privileges.promote', name: 'Stock' }))), exposed: true },
        wait: { run: async () => gate.open(), exposed: true },
      },
    }
    await engine.publish(leave)
    const browser = await TestBrowser.visit(engine.engine)
    await browser.call('leave')
    await browser.call('wait')
    expect(await Promise.all(left)).toEqual([{ id: 0, promoted: [] }])
  })

  test('A31, A32 roles.json binds calls of the web alone, and lends a function what its own entry names', async () => {
    const permissions = {
      allowed: [
        { applyTo: 'ledger', type: 'method', execute: ['Books'] },
        { applyTo: 'open', type: 'method', promote: ['Stock'] },
      ],
    }
    const privileges = [{ privilege: 'Sales' }, { privilege: 'Stock', includes: ['Sales'] }, { privilege: 'Books' }]
    const engine = await startTestEngine({
      project: {
        ...project,
        roles: JSON.stringify({ privileges, permissions }),
        methods: { ...project.methods, ledger: { run: () => 'seen', exposed: true } },
      },
    })
    const browser = await TestBrowser.visit(engine.engine)
    await expect(browser.call('ledger')).rejects.toMatchObject({ code: 'PRIVILEGE_REQUIRED' })
    const ana = await engine.connect('ana')
    expect(await ana.call('ledger')).toBe('seen')
    expect(engine.host.calls.at(-1)).not.toHaveProperty('promoted')
    await browser.call('hold')
    expect(await browser.call('ledger')).toBe('seen')
    await browser.call('open')
    expect(engine.host.calls.at(-1)).toMatchObject({ promoted: ['Sales', 'Stock'] })
    await browser.call('ledger')
    expect(engine.host.calls.at(-1)).toMatchObject({ promoted: [] })
  })
})
