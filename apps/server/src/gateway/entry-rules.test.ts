import { describe, expect, test } from 'vitest'
import { EntryRules, isLoopback } from './entry-rules.ts'

const rules = new EntryRules({ host: '127.0.0.1', allowedHosts: ['tessera.example'], tls: false, devConsole: null })
const refused = (code: string) => expect.objectContaining({ code })

describe('entry rules', () => {
  test.each(['localhost:19813', '127.0.0.1:19813', '[::1]:19813', 'LOCALHOST', 'tessera.example:80'])('G3 the server answers under %s', (host) => {
    expect(() => rules.checkHost({ host })).not.toThrow()
  })

  test.each(['evil.example', 'localhost.evil.example', '192.0.2.1:19813', '', 'localhost@evil.example', '[::2]:1'])(
    'G3 it does not answer under %j',
    (host) => {
      expect(() => rules.checkHost({ host })).toThrow(refused('HOST_REFUSED'))
    },
  )

  test('G3 a request without a name is refused', () => {
    expect(() => rules.checkHost({})).toThrow(refused('HOST_REFUSED'))
  })

  test('G4 a web page cannot be a remote client', () => {
    expect(() => rules.refuseOrigin({})).not.toThrow()
    for (const origin of ['http://localhost:19813', 'null', '']) expect(() => rules.refuseOrigin({ origin })).toThrow(refused('ORIGIN_REFUSED'))
  })

  test('G5 a cookie counts for the server’s own pages alone', () => {
    const host = 'localhost:19813'
    const check = (headers: Record<string, string>, originRequired = true) => rules.needOwnPage({ host, ...headers }, { originRequired })
    expect(() => check({ origin: 'http://localhost:19813', 'sec-fetch-site': 'same-origin' })).not.toThrow()
    expect(() => check({ 'sec-fetch-site': 'same-origin' }, false)).not.toThrow()
    const foreign: Record<string, string>[] = [
      {},
      { origin: 'https://localhost:19813' },
      { origin: 'http://localhost:3000' },
      { origin: 'null' },
      { origin: 'http://localhost:19813', 'sec-fetch-site': 'cross-site' },
      { origin: 'http://localhost:19813', 'sec-fetch-site': 'same-site' },
    ]
    for (const headers of foreign) expect(() => check(headers)).toThrow(refused('ORIGIN_REFUSED'))
  })

  test('G3 which addresses only this machine reaches', () => {
    expect(['localhost', '127.0.0.1', '127.1.2.3', '::1'].map(isLoopback)).toEqual([true, true, true, true])
    expect(['0.0.0.0', '::', '192.168.1.1', '127.0.0.1.evil.example'].map(isLoopback)).toEqual([false, false, false, false])
  })
})
