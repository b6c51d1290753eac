import { expect, test } from 'vitest'
import { ProjectPlaces } from './project-places.ts'

const places = new ProjectPlaces('/srv/cache/ab cd')

test('X2 only the project’s own frames are kept, relative to the project', () => {
  const stack = `Error: at x (/srv/cache/ab cd/methods/fake.ts:1:1)
    at place (file:///srv/cache/ab%20cd/methods/orders/place.js:3:9)
    at /srv/cache/ab cd/methods/hello.ts:7:1
    at async Promise.all (index 0)
    at Isolate.#start (file:///srv/tessera/packages/runtime/dist/inside/isolate.js:10:3)
    at node:internal/process/task_queues:95:5`
  expect(places.frames(stack)).toEqual(['    at place (methods/orders/place.js:3:9)', '    at methods/hello.ts:7:1'])
})

test('X9 the place of a syntax error stands before its message', () => {
  expect(places.firstPlace('file:///srv/cache/ab%20cd/methods/typo.js:3\n  const = 1\n\nSyntaxError: Unexpected token')).toEqual({
    file: 'methods/typo.js',
    line: 3,
    column: 1,
  })
  expect(places.firstPlace('Error: x\n    at a (/srv/cache/ab cd/methods/b.ts:5:7)')).toEqual({ file: 'methods/b.ts', line: 5, column: 7 })
  expect(places.firstPlace('Error: x\n    at /elsewhere/b.ts:5:7')).toBe(null)
})
