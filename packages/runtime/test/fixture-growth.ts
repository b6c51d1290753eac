import { withKit } from './fixture-half.ts'

/** Methods that take memory without end, each in its own way, with or without letting others run in between. */
export const growthMethods: Readonly<Record<string, string>> = {
  'methods/hello': withKit('\nexport default onServer((name) => "Hello, " + name)\n'),
  'methods/setVariable': withKit('\nexport default onServer((name, value) => { currentProcess().variables.set(name, value) })\n'),
  'methods/getVariable': withKit('\nexport default onServer((name) => currentProcess().variables.get(name) ?? null)\n'),
  'methods/growBehind': withKit(
    '\nexport default onServer(() => { const all = []; setInterval(() => all.push(Buffer.alloc(4_194_304, 1)), 20); return "done" })\n',
  ),
  'methods/grow': withKit(`
const spin = (ms) => { for (const end = performance.now() + ms; performance.now() < end; ); }
const steps = {
  array: () => { const all = []; return () => { for (let n = 0; n < 20_000; n++) all.push({ n, text: 'text ' + n }) } },
  map: () => { const all = new Map(); return () => { for (let n = 0; n < 20_000; n++) all.set(all.size, { n }) } },
  // Slow enough that the machine of the test does not notice.
  buffers: () => { const all = []; return () => { all.push(Buffer.alloc(2_097_152, 1)); spin(5) } },
  tree: () => { let tree = { leaf: 'x'.repeat(100) }; return () => { tree = JSON.parse(JSON.stringify([tree, tree])) } },
}
export default onServer(async (kind, pauses) => {
  const step = steps[kind]()
  for (;;) {
    step()
    if (pauses) await new Promise((resolve) => setImmediate(resolve))
  }
})
`),
}
