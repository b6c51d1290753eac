/** Where something stands in a text. Lines and columns count from 1. */
export interface Place {
  line: number
  column: number
}

/** Finds places in one text; however many are asked for, the text is read once. */
export const createPlaces = (text: string): ((offset: number) => Place) => {
  let starts: readonly number[] | undefined
  return (offset) => {
    starts ??= lineStarts(text)
    let line = 0
    for (let below = starts.length; line + 1 < below; ) {
      const middle = (line + below) >> 1
      if ((starts[middle] ?? 0) <= offset) line = middle
      else below = middle
    }
    return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 }
  }
}

const lineStarts = (text: string): number[] => {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

export const withoutByteOrderMark = (text: string): string => (text.charCodeAt(0) === 0xfeff ? text.slice(1) : text)
