import { type Payload, TesseraError } from '@tessera/protocol'
import { utf8Bytes } from '../storage/utf8-bytes.ts'

/** UTF-8 takes at most three bytes for each unit of a text: most arguments need no counting. */
const mostBytesPerUnit = 3

/** @throws TesseraError `PAYLOAD_TOO_LARGE`. */
export const checkPayload = (args: Payload, most: number): void => {
  if (args.length * mostBytesPerUnit <= most) return
  const bytes = typeof args === 'string' && args.length <= most ? utf8Bytes(args) : args.length
  if (bytes > most) throw new TesseraError('PAYLOAD_TOO_LARGE', `The arguments take more than ${most} bytes.`)
}
