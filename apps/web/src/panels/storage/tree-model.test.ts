import { encodeStorable, type Storable } from '@tessera/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatForEditing, parseEdited, parseTree } from './tree-model.ts'

const tree = (value: Storable) => parseTree(encodeStorable(value), 'slot')
const childrenOf = (value: Storable) => {
  const node = tree(value)
  return 'children' in node ? node.children() : []
}

describe('the tree of a stored value', () => {
  it('names every kind of leaf', () => {
    const leaves = childrenOf({ s: 'é"', n: 1.5, b: true, nothing: null, when: new Date(0), big: 12345678901234567890n, raw: new Uint8Array([1, 2, 3]) })
    expect(leaves.map((leaf) => [leaf.name, leaf.kind, 'text' in leaf ? leaf.text : ''])).toEqual([
      ['s', 'string', '"é\\""'],
      ['n', 'number', '1.5'],
      ['b', 'boolean', 'true'],
      ['nothing', 'null', 'null'],
      ['when', 'date', '1970-01-01T00:00:00.000Z'],
      ['big', 'bigint', '12345678901234567890n'],
      ['raw', 'bytes', '3'],
    ])
  })

  it('opens branches one level at a time, with a path that nothing else has', () => {
    const [first] = childrenOf({ 'a/b': [{ c: 1 }] })
    expect(first).toMatchObject({ kind: 'array', path: '/a~1b', size: 1, preview: '[{…}]' })
  })

  it('previews as much as a line takes', () => {
    expect(tree({ lines: [1, 2], total: 12, note: 'x'.repeat(100) })).toMatchObject({
      kind: 'object',
      size: 3,
      preview: expect.stringMatching(/^\{lines: \[…\], total: 12, note: "x+…\}$/),
    })
    expect(tree([])).toMatchObject({ preview: '[]', size: 0 })
  })

  it('shows a text it cannot read', () => {
    expect(parseTree('{"$date"', 'slot')).toMatchObject({ kind: 'broken', text: '{"$date"' })
  })

  it('gives what is edited back unchanged when nobody changed it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = encodeStorable(value)
        expect(parseEdited(formatForEditing(text))).toEqual({ ok: true, text })
      }),
    )
  })

  it('tells what is wrong with what was written', () => {
    expect(parseEdited('{a: 1}')).toMatchObject({ ok: false })
    expect(parseEdited('{"$date": "no day"}')).toMatchObject({ ok: false, problem: expect.stringContaining('date') })
  })
})
