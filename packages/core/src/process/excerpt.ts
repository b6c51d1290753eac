import { type Payload, payloadText } from '@tessera/protocol'

const longest = 500
/** UTF-8 takes at most three bytes for each unit of a text. */
const longestBytes = longest * 3

/** The beginning of a payload, for the log; null for bytes that are no text. Nothing of the payload itself is held by it. */
export const excerptOf = (payload: Payload): string | null => {
  try {
    const text = typeof payload === 'string' ? payload : payloadText(wholeCharacters(payload))
    return text.length <= longest && payload.length <= longestBytes ? text : [text.slice(0, longest), '…'].join('')
  } catch {
    return null
  }
}

/** Cut before the character that does not fit whole. */
const wholeCharacters = (bytes: Uint8Array): Uint8Array => {
  if (bytes.length <= longestBytes) return bytes
  let end = longestBytes
  while (end > 0 && isContinuation(bytes[end])) end -= 1
  return bytes.subarray(0, end)
}

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80
