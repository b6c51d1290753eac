import { TesseraError } from '@tessera/protocol'

/** Reads back one of a closed set of words. @throws TesseraError `DATABASE_ERROR` for another one. */
export const oneOf = <Word extends string>(words: readonly Word[], text: string): Word => {
  const word = words.find((known) => known === text)
  if (word === undefined) throw new TesseraError('DATABASE_ERROR', `The database holds "${text}" where only ${words.join(', ')} may stand.`)
  return word
}
