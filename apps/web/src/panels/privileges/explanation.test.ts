import { describe, expect, it } from 'vitest'
import { parseExplanation } from './explanation.ts'

describe('an explanation of what a session may do', () => {
  it('W22 is read with its sentences, for the web and for the desktop', () => {
    const answer = { web: { allowed: false, sentences: ['It takes "sales".', 7] }, desktop: { allowed: true, sentences: [] } }
    expect(parseExplanation(answer)).toEqual({ web: { allowed: false, sentences: ['It takes "sales".'] }, desktop: { allowed: true, sentences: [] } })
  })

  it('W22 without a verdict is none: what is not understood must not look like a permission', () => {
    for (const answer of [null, {}, { web: { allowed: 'yes' }, desktop: { allowed: true } }]) expect(() => parseExplanation(answer)).toThrow()
  })
})
