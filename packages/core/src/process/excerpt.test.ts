import { expect, test } from 'vitest'
import { excerptOf } from './excerpt.ts'

/** UTF-8 of letters of one, two, three and four bytes. */
const bytesOf = (text: string): Uint8Array =>
  new Uint8Array(
    [...encodeURIComponent(text).matchAll(/%(..)|(.)/g)].map(([, hex, letter]) =>
      hex === undefined ? String(letter).charCodeAt(0) : Number.parseInt(hex, 16),
    ),
  )

test('P63 an excerpt of bytes ends with a whole character, wherever the cut falls', () => {
  for (const letter of ['a', 'ü', '€', '😀']) {
    for (const before of ['', 'x', 'xx', 'xxx']) {
      const text = before + letter.repeat(2000)
      expect(excerptOf(bytesOf(text))).toBe(`${text.slice(0, 500)}…`)
    }
  }
})

test('P63 what is no text has no excerpt', () => {
  expect(excerptOf(new Uint8Array([0xff, 0xfe]))).toBeNull()
  expect(excerptOf('')).toBe('')
})
