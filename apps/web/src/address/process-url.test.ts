import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { processChips, processSortColumns } from './process-names.ts'
import { formatProcessesUrl, type ProcessesUrl, parseProcessesUrl, processesHref, processViews } from './process-url.ts'

const parse = (text: string) => parseProcessesUrl(new URLSearchParams(text))

describe('the address of the processes page', () => {
  it('is empty for the page as it opens by itself, and forgets what it does not know', () => {
    expect(formatProcessesUrl(parse(''))).toBe('')
    expect(parse('?chips=executing,nonsense&sort=-password&view=secrets')).toEqual({ ...parse(''), chips: ['executing'] })
    expect(processesHref({ session: 'AB' })).toBe('/processes/?session=AB')
  })

  it('reads back whatever it wrote', () => {
    const anyUrl: fc.Arbitrary<ProcessesUrl> = fc.record({
      view: fc.constantFrom(...processViews),
      text: fc.string({ maxLength: 60 }),
      chips: fc.subarray([...processChips]),
      sort: fc.record({ column: fc.constantFrom(...processSortColumns), direction: fc.constantFrom('ascending', 'descending') }),
      session: fc.option(fc.string({ minLength: 1, maxLength: 32 })),
      process: fc.option(fc.string({ minLength: 1, maxLength: 32 })),
    })
    fc.assert(
      fc.property(anyUrl, (url) => {
        expect(parse(formatProcessesUrl(url))).toEqual(url)
      }),
    )
  })
})
