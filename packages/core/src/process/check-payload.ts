import { type StorableText, TesseraError } from '@tessera/protocol'
import { utf8Bytes } from '../storage/utf8-bytes.ts'

/** UTF-8 takes at most three bytes for each unit of a text: most arguments need no counting. */
const mostBytesPerUnit = 3

/** @throws TesseraError `PAYLOAD_TOO_LARGE`. */
export const checkPayload = (args: StorableText, most: number): void => {
  if (args.length * mostBytesPerUnit <= most) return
  if (args.length > most || utf8Bytes(args) > most) throw new TesseraError('PAYLOAD_TOO_LARGE', `The arguments take more than ${most} bytes.`)
}
