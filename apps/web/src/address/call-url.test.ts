import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CallsUrl, callSortColumns, callsHref, formatCallsUrl, parseCallsUrl } from './call-url.ts'

const parse = (text: string) => parseCallsUrl(new URLSearchParams(text))

describe('the address of the calls page', () => {
  it('is empty for the page as it opens by itself, and forgets what it does not know', () => {
    expect(formatCallsUrl(parse(''))).toBe('')
    expect(parse('?show=secrets&sort=-password&call=-1')).toEqual(parse(''))
    expect(callsHref({ session: 'AB', call: 7 })).toBe('/calls/?session=AB&call=7')
  })

  it('reads back whatever it wrote', () => {
    const anyUrl: fc.Arbitrary<CallsUrl> = fc.record({
      slow: fc.boolean(),
      text: fc.string({ maxLength: 60 }),
      sort: fc.record({ column: fc.constantFrom(...callSortColumns), direction: fc.constantFrom('ascending', 'descending') }),
      session: fc.option(fc.string({ minLength: 1, maxLength: 32 })),
      call: fc.option(fc.nat()),
    })
    fc.assert(
      fc.property(anyUrl, (url) => {
        expect(parse(formatCallsUrl(url))).toEqual(url)
      }),
    )
  })
})
