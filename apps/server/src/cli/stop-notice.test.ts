import type { ProcessRow } from '@tessera/protocol'
import { expect, test } from 'vitest'
import { stopNotice } from './stop-notice.ts'

const row = (name: string, method: string | null, state: ProcessRow['state'] = 'executing'): ProcessRow => ({ name, method, state }) as ProcessRow

test('K42 a server that stops says what it waits for', () => {
  expect(stopNotice([])).toBeNull()
  expect(stopNotice([row('main', null, 'idle')])).toBeNull()
  expect(stopNotice([row('nightly', 'report'), row('main', null, 'idle'), row('count', 'count')])).toMatch(
    /^waiting for report in nightly, count; .*Ctrl\+C again/,
  )
  expect(stopNotice(Array.from({ length: 8 }, (_none, at) => row(`p${at}`, `p${at}`)))).toMatch(/p0, p1, p2 and 5 more;/)
})
