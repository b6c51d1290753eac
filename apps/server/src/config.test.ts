import { expect, test } from 'vitest'
import { parseServeOptions } from './config.ts'

test('G37 the heartbeat is 15 seconds, or a whole number of them that was asked for', () => {
  expect(parseServeOptions('.', {}).heartbeatSeconds).toBe(15)
  expect(parseServeOptions('.', { heartbeat: '2' }).heartbeatSeconds).toBe(2)
  for (const heartbeat of ['0', '-1', '1.5', 'x', '', '3601']) {
    expect(() => parseServeOptions('.', { heartbeat })).toThrow(
      expect.objectContaining({ code: 'BAD_REQUEST', message: expect.stringContaining('--heartbeat') }),
    )
  }
})
