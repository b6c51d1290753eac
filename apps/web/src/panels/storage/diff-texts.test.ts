import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DiffPart, diffTexts, elideContext } from './diff-texts.ts'

const textOf = (parts: readonly DiffPart[]): string => parts.map(({ text }) => text).join('')
const marked = (parts: readonly DiffPart[]): string => parts.map(({ changed, text }) => (changed ? `<${text}>` : text)).join('')

describe('what differs between two texts', () => {
  it('W17 is marked word by word, and nothing else is', () => {
    const { before, after } = diffTexts('{"customer":"Ana","lines":[1,2],"total":12}', '{"customer":"Ana María","lines":[1,2,3],"total":15}')
    expect(marked(before)).toBe('{"customer":"Ana","lines":[1,2],"total":<12>}')
    expect(marked(after)).toBe('{"customer":"Ana< María>","lines":[1,2<,3>],"total":<15>}')
  })

  it('W17 is told of either text whole', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.string({ unit: 'grapheme', maxLength: 60 }), (one, other) => {
        const { before, after } = diffTexts(one, other)
        expect([textOf(before), textOf(after)]).toEqual([one, other])
        const same = (parts: readonly DiffPart[]) => textOf(parts.filter(({ changed }) => !changed))
        expect(same(before)).toBe(same(after))
      }),
    )
  })

  it('W17 keeps of a long stretch that stayed what is near the change', () => {
    const long = Array.from({ length: 40 }, (_none, index) => `word${index}`).join(' ')
    const { after } = diffTexts(`${long} 1 ${long}`, `${long} 2 ${long}`)
    const shown = elideContext(after)
    expect(marked(shown)).toMatch(/^….{24}<2>.{24}…$/)
    expect(elideContext([{ changed: false, text: long }])).toEqual([])
    expect(elideContext([{ changed: false, text: 'short' }])).toEqual([{ changed: false, text: 'short' }])
  })
})
