import { expect, test } from 'vitest'
import { countdown, tableLines } from './output.ts'

test('W16 the command line tells what is left of a wait in its two largest units', () => {
  const left = [172_800_000, 172_799_000, 7_200_000, 872_000, 60_000, 31_400, 0, -5_000].map(countdown)
  expect(left).toEqual(['2d', '1d 23h', '2h', '14m 32s', '1m', '32s', '0s', '0s'])
})

test('W43 no text in a table breaks its line or moves the cursor', () => {
  const rows = [
    ['ana\n7  owner', 'closing\ttime'],
    ['\u001b[2Jbob', ''],
  ]
  expect(tableLines(['WHO', 'WHY'], rows)).toEqual(['WHO          WHY', 'ana 7 owner  closing time', '[2Jbob'])
})
