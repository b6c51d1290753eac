import { limits, TesseraError } from '@tessera/protocol'

const wildcard = '@'

/** The name under which a client registers, without blanks around it. @throws TesseraError `CLIENT_NAME_INVALID`. */
export const readClientName = (name: string): string => {
  const read = readClientPattern(name)
  if (read.includes(wildcard)) throw invalid(`"${wildcard}" stands for any text where names are looked for: no client is named with it.`)
  return read
}

/** A name to look for, in which `@` stands for any text (4d.md PRC-31). @throws TesseraError `CLIENT_NAME_INVALID`. */
export const readClientPattern = (name: string): string => {
  const read = name.trim()
  if (read !== '' && name.length <= limits.clientNameCharacters) return read
  throw invalid(`A client's name has 1 to ${limits.clientNameCharacters} characters, and not blanks alone.`)
}

export const isPlainName = (pattern: string): boolean => !pattern.includes(wildcard)

/** Whether a name is meant, without regard to case. The work grows with the length of both, whatever they hold. */
export const clientNameMatcher = (pattern: string): ((name: string) => boolean) => {
  const [first = '', ...rest] = pattern.toLowerCase().split(wildcard)
  const last = rest.pop()
  return (name) => {
    const text = name.toLowerCase()
    if (last === undefined) return text === first
    if (!text.startsWith(first)) return false
    let at = first.length
    for (const piece of rest) {
      const found = text.indexOf(piece, at)
      if (found === -1) return false
      at = found + piece.length
    }
    return text.length - last.length >= at && text.endsWith(last)
  }
}

const invalid = (why: string): TesseraError => new TesseraError('CLIENT_NAME_INVALID', why)
