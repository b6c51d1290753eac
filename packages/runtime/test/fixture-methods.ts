import { withKit } from './fixture-half.ts'

/** The project that the contract runs. One line for each statement that a test wants to find in a stack. */
export const fixtureMethods: Readonly<Record<string, string>> = {
  'methods/hello': withKit('\nexport default onServer((name) => "Hello, " + name)\n'),
  'methods/who': withKit(`
export default onServer(async (turns) => {
  const mine = session().id
  let wrong = 0
  for (let turn = 0; turn < turns; turn++) {
    await (turn % 50 === 0 ? new Promise((resolve) => setTimeout(resolve)) : null)
    if (session().id !== mine || currentProcess().id.startsWith(mine) === false) wrong++
  }
  return { id: session().id, process: currentProcess().number, wrong }
})
`),
  'methods/outside': withKit(`
let seen = 'not yet'
const look = () => { seen = { session: session(), process: readProcess() } }
const readProcess = () => { try { return currentProcess().id } catch (error) { return error.code } }
setInterval(look, 5).unref()
export default onServer(async () => { await new Promise((resolve) => setTimeout(resolve, 30)); return seen })
`),
  'methods/orders/fail': withKit(`
class OutOfStock extends Error {}
const check = (n) => {
  if (n > 2) throw new OutOfStock('only 2 left')
}
export default onServer(async (n) => {
  await null
  check(n)
})
`),
  'methods/throwText': withKit("\nexport default onServer(() => { throw 'plain text' })\n"),
  'methods/throwCoded': withKit("\nexport default onServer(() => { throw new TesseraError('STORAGE_QUOTA_EXCEEDED', 'full') })\n"),
  'methods/unstorable': withKit('\nexport default onServer(() => ({ items: [1, { fn: () => 1 }] }))\n'),
  'methods/notOnServer': 'export default () => 1\n',
  'methods/checked': withKit(
    '\nexport default onServer((order, times) => [order, times], { input: z.tuple([z.object({ id: z.number(), lines: z.array(z.string()) }), z.number().default(3)]), groups: ["sales"], exposed: true, deadlineMs: 500 })\n',
  ),
  'methods/checkedFirst': withKit('\nexport default onServer((order, rest) => [order.id, rest], { input: z.object({ id: z.coerce.number() }) })\n'),
  'methods/put': withKit('\nexport default onServer((slot, value) => session().storage.use((draft) => { draft[slot] = value }))\n'),
  'methods/increment': withKit('\nexport default onServer((slot) => session().storage.use((draft) => { draft[slot] = (draft[slot] ?? 0) + 1 }))\n'),
  'methods/leaveBehind': withKit(
    '\nexport default onServer((slot) => { setTimeout(() => session().storage.use((draft) => { draft[slot] = session().id }), 20); return "gone" })\n',
  ),
  'methods/read': withKit('\nexport default onServer((slot) => session().storage.get(slot) ?? null)\n'),
  'methods/watchOnce': withKit(`
export default onServer((slot) => new Promise((resolve) => {
  const stop = session().storage.watch(slot, (value) => { stop(); resolve({ value, id: session().id }) })
}))
`),
  'methods/other': withKit(`
export default onServer(async (id) => {
  const storage = await sessionStorage(id)
  if (storage === null) return null
  await storage.use((draft) => { draft.visits = (draft.visits ?? 0) + 1 })
  return { visits: storage.get('visits'), info: (await sessionInfo(id)).userName }
})
`),
  'methods/setVariable': withKit('\nexport default onServer((name, value) => { currentProcess().variables.set(name, value) })\n'),
  'methods/pushVariable': withKit('\nexport default onServer((name, value) => { currentProcess().variables.get(name).push(value) })\n'),
  'methods/getVariable': withKit('\nexport default onServer((name) => currentProcess().variables.get(name) ?? null)\n'),
  'methods/pid': withKit('\nexport default onServer(() => process.pid)\n'),
  'methods/slow': withKit('\nexport default onServer((ms) => new Promise((resolve) => setTimeout(resolve, ms, "slept")))\n'),
  'methods/cancellable': withKit(`
export default onServer(() => new Promise((resolve) => {
  currentProcess().signal.onAbort(() => {
    session().storage.use((draft) => { draft.aborted = currentProcess().signal.reason })
    resolve('ignored')
  })
}))
`),
  'methods/throwLater': withKit("\nexport default onServer(() => new Promise(() => { setTimeout(() => { throw new RangeError('thrown later') }) }))\n"),
  'methods/rejectLater': withKit(
    "\nexport default onServer(async () => { void Promise.reject(new RangeError('rejected alone')); await new Promise(() => {}) })\n",
  ),
  'methods/throwAfter': withKit("\nexport default onServer(() => { setTimeout(() => { throw new RangeError('after the end') }, 5); return 'done' })\n"),
  'methods/exit': withKit('\nexport default onServer(() => new Promise(() => { setTimeout(() => process.exit(3)) }))\n'),
  'methods/say': withKit("\nexport default onServer((text) => { console.log('said', text, { a: 1 }); console.error('bad') })\n"),
  'methods/flood': withKit("\nexport default onServer((lines) => { for (let n = 0; n < lines; n++) console.log('line', n) })\n"),
  'methods/echo': withKit('\nexport default onServer((value) => value)\n'),
  'methods/writeTo': withKit(
    "\nexport default onServer(async (descriptor, text) => { (await import('node:fs')).writeSync(descriptor, text); await new Promise(() => {}) })\n",
  ),
  'methods/loop': withKit('\nexport default onServer(() => { for (;;) {} })\n'),
  'methods/loopLater': withKit(
    '\nexport default onServer(async (ms) => { await new Promise((resolve) => setTimeout(resolve, ms)); await null; for (;;) {} })\n',
  ),
  'methods/microLoop': withKit('\nexport default onServer(async () => { for (;;) await null })\n'),
  'methods/tally': withKit(
    "import { appendFileSync } from 'node:fs'\nexport default onServer((file, line) => { appendFileSync(file, line + String.fromCharCode(10)) })\n",
  ),
  'methods/spin': withKit('\nexport default onServer((ms) => { for (const end = performance.now() + ms; performance.now() < end; ) {} })\n'),
  'methods/env': withKit('\nexport default onServer(() => Object.keys(process.env).sort())\n'),
  'methods/privileges': withKit(`
export default onServer(async () => {
  const mine = session()
  const before = [mine.getPrivileges(), mine.hasPrivilege('SALES'), mine.isGuest()]
  const set = await mine.setPrivileges({ privileges: 'a, b', roles: ['boss'] })
  const after = mine.getPrivileges()
  const wrong = await mine.setPrivileges([1]).catch((error) => error.code)
  const cleared = await mine.clearPrivileges()
  return { before, set, after, wrong, cleared, end: mine.getPrivileges() }
})
`),
  'methods/leaked': withKit(`
let kept
export default onServer(async (first) => {
  if (first) { kept = session(); return 'kept' }
  return kept.setPrivileges('a').catch((error) => error.code)
})
`),
  'methods/createOTP': withKit(`
const weird = { NaN: Number.NaN, text: '60', infinite: Infinity }
export default onServer(async (lifespan) => session().createOTP(lifespan === null ? undefined : { lifespan: weird[lifespan] ?? lifespan }))
`),
  'methods/wrongOTP': withKit(
    "\nexport default onServer(() => Promise.all([5, 'x', null].map((options) => session().createOTP(options).catch((error) => error.code))))\n",
  ),
  'methods/restore': withKit(`
export default onServer(async (token) => {
  const kept = session()
  const wrong = await kept.restore(5).catch((error) => error.code)
  const done = await kept.restore(token)
  await session().storage.use((draft) => { draft.restored = done })
  await kept.storage.use((draft) => { draft.kept = true })
  return { wrong, done, ids: [session().id, kept.id], slots: session().storage.all(), idle: 'idleTimeout' in session(), privileges: kept.getPrivileges() }
})
`),
  'methods/follow': withKit(`
export default onServer(async (token) => {
  await session().restore(token)
  const told = new Promise((resolve) => session().storage.watch('go', resolve))
  await session().storage.use((draft) => { draft.there = true })
  await told
  return [session().getPrivileges(), session().hasPrivilege('late')]
})
`),
  'methods/promote': withKit(`
export default onServer(async (name) => {
  const id = await session().promote(name)
  const during = [session().hasPrivilege(name), session().getPrivileges().includes(name)]
  await session().demote(id)
  const wrong = [await session().promote(5).catch((error) => error.code), await session().demote('x').catch((error) => error.code)]
  return { id, during, after: session().hasPrivilege(name), wrong }
})
`),
  'methods/promoteBehind': withKit(`
export default onServer(async () => {
  await session().promote('late')
  setTimeout(() => session().storage.use((draft) => { draft.late = session().hasPrivilege('late') }), 10)
  return session().hasPrivilege('late')
})
`),
  'methods/idle': withKit(`
export default onServer(async (minutes) => {
  const mine = session()
  if (!('idleTimeout' in mine)) return null
  if (minutes === 'text') { try { mine.idleTimeout = 'x' } catch (error) { return error.code } }
  const before = [mine.idleTimeout, mine.expirationDate]
  mine.idleTimeout = minutes
  return { before, after: [mine.idleTimeout, mine.expirationDate], keys: 'expirationDate' in mine }
})
`),
  'methods/activity': withKit(
    "\nexport default onServer(async () => [await processActivity(1), await processActivity('X'), await processActivity(7).catch((error) => error.code)])\n",
  ),
  'methods/wrongIds': withKit(`
export default onServer(() => Promise.all([5, null, undefined, {}].flatMap((id) => [sessionInfo(id), sessionStorage(id)].map((asked) => asked.catch((error) => error.code)))))
`),
  'methods/startProcedure': withKit(`
export default onServer(async (method, ...args) => {
  const handle = await storedProcedures.start(method, args, { name: 'night' })
  return { number: handle.number, result: await handle.result }
})
`),
  'methods/followProcedure': withKit(`
export default onServer(async () => {
  const heard = []
  const handle = await storedProcedures.start('steps', [], { name: 'steps' })
  const before = handle.progress
  const stop = handle.onProgress(({ text }) => {
    heard.push([session().id, text])
    if (text === 'waiting') void handle.cancel('enough').then((told) => heard.push(['told', told]))
  })
  const result = await handle.result
  stop()
  return { before, name: handle.name, heard, result, last: handle.progress, again: await handle.cancel() }
})
`),
  'methods/badListener': withKit(`
export default onServer(async () => {
  const handle = await storedProcedures.start('procedure', [1])
  handle.onProgress(() => { throw new Error('listener broke') })
  await handle.result
  await new Promise((resolve) => setTimeout(resolve, 1000))
})
`),
  'methods/steps': withKit(`
export default async () => {
  const { signal } = currentProcess()
  progress(0.2, 'waiting')
  await new Promise((resolve) => signal.onAbort(resolve))
  progress(0.3, 'leaving')
  return 'left: ' + signal.reason
}
`),
  'methods/procedure': withKit(
    "\nexport default async (n) => { progress(0.5, 'half'); progress(7); return { id: session().id, name: currentProcess().name, twice: n * 2 } }\n",
  ),
  'methods/reload': withKit('\nexport default onServer(() => reloadProject())\n'),
  'database/onServerStartup': withKit('\nexport default () => "started in " + session().id\n'),
}
