/** A run of one of the two texts; `changed`: the other has not got it. */
export interface DiffPart {
  changed: boolean
  text: string
}

export interface TextsDiff {
  before: DiffPart[]
  after: DiffPart[]
}

/** Words, blanks and single signs: what a reader sees as one thing. */
const tokensOf = (text: string): string[] => text.match(/[\p{L}\p{N}_]+|\s+|./gsu) ?? []

/** What differs between two texts of a few hundred characters, word by word. */
export const diffTexts = (before: string, after: string): TextsDiff => {
  const [a, b] = [tokensOf(before), tokensOf(after)]
  const lengths = commonLengths(a, b)
  const diff: TextsDiff = { before: [], after: [] }
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    const [left, right] = [a[i], b[j]]
    if (left !== undefined && left === right) {
      append(diff.before, { changed: false, text: left })
      append(diff.after, { changed: false, text: left })
      i += 1
      j += 1
    } else if (right === undefined || (left !== undefined && lengthAt(lengths, i + 1, j) >= lengthAt(lengths, i, j + 1))) {
      append(diff.before, { changed: true, text: left ?? '' })
      i += 1
    } else {
      append(diff.after, { changed: true, text: right })
      j += 1
    }
  }
  return diff
}

/** The longest common subsequence of what follows each pair of places. */
const commonLengths = (a: readonly string[], b: readonly string[]): Uint16Array[] => {
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1))
  for (let i = a.length - 1; i >= 0; i--) {
    const row = lengths[i]
    if (row === undefined) continue
    for (let j = b.length - 1; j >= 0; j--) {
      row[j] = a[i] === b[j] ? lengthAt(lengths, i + 1, j + 1) + 1 : Math.max(lengthAt(lengths, i + 1, j), row[j + 1] ?? 0)
    }
  }
  return lengths
}

const lengthAt = (lengths: readonly Uint16Array[], i: number, j: number): number => lengths[i]?.[j] ?? 0

const append = (parts: DiffPart[], part: DiffPart): void => {
  const last = parts.at(-1)
  if (last !== undefined && last.changed === part.changed) last.text += part.text
  else parts.push({ ...part })
}

const longestContext = 48

/**
 * Long stretches that stayed the same are told by their ends that touch a change; a long side on which nothing changed is
 * not told at all, for the other one says what was put in or taken out.
 */
export const elideContext = (parts: readonly DiffPart[]): DiffPart[] => {
  const unchanged = !parts.some(({ changed }) => changed)
  if (unchanged) return parts.some(({ text }) => text.length > longestContext) ? [] : [...parts]
  return parts.map((part, index) => {
    if (part.changed || part.text.length <= longestContext) return part
    const half = longestContext / 2
    const head = index === 0 ? '' : part.text.slice(0, half)
    const tail = index === parts.length - 1 ? '' : part.text.slice(-half)
    return { changed: false, text: `${head}…${tail}` }
  })
}
