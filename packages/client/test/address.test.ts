import { expect, test } from 'vitest'
import { parseAddress } from '../src/index.ts'

test.each([
  ['shop.example', 'http://shop.example:19813'],
  ['shop.example:19814', 'http://shop.example:19814'],
  [' 127.0.0.1:80 ', 'http://127.0.0.1:80'],
  ['[::1]:19814', 'http://[::1]:19814'],
  ['[::1]', 'http://[::1]:19813'],
  ['http://localhost:4000', 'http://localhost:4000'],
  ['HTTPS://Shop.Example:443/', 'https://shop.example:443'],
  ['https://shop.example', 'https://shop.example:19813'],
])('K10 the address %j is read as %s', (text, origin) => {
  expect(parseAddress(text).origin).toBe(origin)
})

test.each(['', ':19813', 'a b', 'ftp://host', 'host:port', 'host:0', 'host:70000', '::1', 'http://', 'host/path', 'user@host', 'host?x', '[::1', '[zz]:1'])(
  'K10 %j is no address, and the error says which forms there are',
  (text) => {
    expect(() => parseAddress(text)).toThrow(expect.objectContaining({ code: 'BAD_REQUEST', message: expect.stringContaining('host:port') }))
  },
)
