import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sessionChips, sessionSortColumns } from './query-names.ts'
import { formatSessionsUrl, panelTabs, parseSessionsUrl, type SessionsUrl } from './session-url.ts'

const parse = (text: string) => parseSessionsUrl(new URLSearchParams(text))

describe('the address of the sessions page', () => {
  it('is empty for the page as it opens by itself', () => {
    expect(formatSessionsUrl(parse(''))).toBe('')
  })

  it('carries query, chips, sort, panel and tab', () => {
    const url = parse('?q=ana;luis&chips=remote,outdated&sort=-calls&session=AB&tab=storage')
    expect(url).toEqual({
      query: { text: 'ana;luis', chips: ['remote', 'outdated'] },
      sort: { column: 'calls', direction: 'descending' },
      session: 'AB',
      tab: 'storage',
      history: null,
    })
  })

  it('forgets what it does not know', () => {
    expect(parse('?chips=remote,nonsense&sort=-password&tab=secrets')).toEqual({ ...parse(''), query: { text: '', chips: ['remote'] } })
  })

  it('reads back whatever it wrote', () => {
    const anyUrl: fc.Arbitrary<SessionsUrl> = fc.record({
      query: fc.record({ text: fc.string({ maxLength: 60 }), chips: fc.subarray([...sessionChips]) }),
      sort: fc.record({ column: fc.constantFrom(...sessionSortColumns), direction: fc.constantFrom('ascending', 'descending') }),
      session: fc.option(fc.string({ minLength: 1, maxLength: 32 })),
      tab: fc.constantFrom(...panelTabs),
      history: fc.option(fc.string({ maxLength: 32 })),
    })
    fc.assert(
      fc.property(anyUrl, (url) => {
        const expected = url.session === null ? { ...url, tab: 'summary', history: null } : url
        expect(parse(formatSessionsUrl(url))).toEqual(expected)
      }),
    )
  })
})
