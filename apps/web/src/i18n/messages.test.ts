import { describe, expect, it } from 'vitest'
import { en } from './en.ts'
import { es } from './es.ts'

type Words = { readonly [key: string]: string | Words }

const flat = (words: Words, path = ''): [string, string][] =>
  Object.entries(words).flatMap(([key, value]): [string, string][] => (typeof value === 'string' ? [[path + key, value]] : flat(value, `${path}${key}.`)))

/** The arguments and tags that a message takes, in no order. */
const argumentsOf = (message: string): string[] =>
  [...new Set([...message.matchAll(/(?<!(?:one|other|=\d+) )[{<](\w+)(?=[,}>])/g)].map(([, name]) => name ?? ''))].sort()

const english = flat(en)
const spanish = new Map(flat(es))

describe('the words of the console', () => {
  it('exist in both languages, key by key', () => {
    expect([...spanish.keys()]).toEqual(english.map(([key]) => key))
  })

  it('take the same arguments in both', () => {
    for (const [key, message] of english) expect([key, argumentsOf(spanish.get(key) ?? '')]).toEqual([key, argumentsOf(message)])
  })

  it('are never empty', () => {
    for (const [key, message] of [...english, ...spanish]) expect(message.trim(), key).not.toBe('')
  })
})
