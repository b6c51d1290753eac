import { type Pack, type PackInput, packHalves } from '../src/package/pack.ts'

const bytes = (text: string): Uint8Array => Buffer.from(text)

/** Two halves made by hand: nothing is compiled. */
export const smallHalves = (edit = ''): PackInput => ({
  project: 'Small',
  publication: 'Small',
  kit: '0.1.0',
  clientRange: { min: 1, max: 1 },
  databaseMethods: ['onServerStartup', 'onStartup'],
  client: new Map([
    ['index.json', bytes('{}')],
    ['methods/deep/down/hello.js', bytes(`export default 'stub'${edit}`)],
    ['resources/empty.txt', bytes('')],
    ['resources/ñandú – 日本.txt', bytes('unicode')],
  ]),
  server: new Map([
    ['index.json', bytes('{}')],
    ['methods/deep/down/hello.js', bytes('export default "SERVER ONLY"')],
    ['roles.json', bytes('{"privileges":[{"privilege":"sales"}]}')],
    ['resources/large.txt', bytes('large '.repeat(2_000))],
  ]),
})

export const smallPack = (edit = ''): Pack => packHalves(smallHalves(edit))
