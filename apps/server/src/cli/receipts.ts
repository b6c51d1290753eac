import { setTimeout as sleep } from 'node:timers/promises'
import type { MessageReceiptRow, MessageRecipientRow } from '@tessera/protocol'

const everyMs = 100

interface Patience {
  /** Looks in all, one each tenth of a second; null: until everybody has it, or will not. */
  most: number | null
  pause?(ms: number): Promise<unknown>
}

/** Looks again and again who has received a message, until that is known of everybody or the patience is over. */
export const receiptsOf = async (look: () => Promise<MessageReceiptRow>, { most, pause = sleep }: Patience): Promise<readonly MessageRecipientRow[]> => {
  for (let looks = 1; ; looks++) {
    const { recipients } = await look()
    if (looks === most || recipients.every(({ state }) => state !== 'waiting')) return recipients
    await pause(everyMs)
  }
}

/** For people. */
export const receiptLine = ({ state, error }: MessageRecipientRow): string => {
  if (error !== null) return `${error.message} (${error.code})`
  return state === 'received' ? 'received' : 'kept until its client is there'
}
