/**
 * What the culprit's method does. Tessera's project and the handlers of its peers run the same text.
 * @type {Readonly<Record<string, { title: string, run: () => unknown }>>}
 */
export const faults = {
  loop: {
    title: 'for (;;)',
    run: () => {
      for (;;) {}
    },
  },
  'loop-later': {
    title: 'for (;;) after an await',
    run: async () => {
      await new Promise((wake) => setTimeout(wake, 50))
      for (;;) {}
    },
  },
  allocate: {
    title: 'allocates without end',
    run: () => {
      const held = []
      for (;;) held.push(new Array(100_000).fill(held.length))
    },
  },
  throw: {
    title: 'throws from a timer',
    run: async () => {
      setTimeout(() => {
        throw new Error('thrown later')
      }, 10)
      await new Promise((wake) => setTimeout(wake, 200))
    },
  },
  exit: { title: 'process.exit(1)', run: () => process.exit(1) },
}

/** The same as methods of a project, by the names that clients call. */
export const faultMethods = Object.fromEntries(
  Object.entries(faults).map(([name, { run }]) => [name, `import { onServer } from '@tessera/kit'\n\nexport default onServer(${run.toString()})\n`]),
)
