import { parentPort, workerData } from 'node:worker_threads'
import type { JournalFile } from './journal-file.ts'
import type { JournalOrder, JournalReply } from './journal-messages.ts'
import { JournalRefused } from './journal-refused.ts'
import { openJournal } from './open-journal.ts'
import type { JournalParts } from './read-state.ts'

/** Waiting for a disk must not take time from the thread that answers clients. */
const file = String(workerData)
let journal: JournalFile | null = null
let folding = false

const reply = (message: JournalReply): void => parentPort?.postMessage(message)

parentPort?.on('message', (order: JournalOrder) => {
  try {
    reply(obey(order))
  } catch (error) {
    reply(failureOf(error))
  }
  if (order.type === 'close') parentPort?.close()
  else foldSoon()
})

const obey = (order: JournalOrder): JournalReply => {
  switch (order.type) {
    case 'load': {
      const opened = openJournal({ file, at: order.at })
      journal = opened.journal
      return { type: 'loaded', fields: flatten(opened.sessions), damage: opened.damage === null ? null : JSON.stringify(opened.damage) }
    }
    case 'keep':
      if (journal === null) throw new Error('it was not loaded')
      journal.write(order)
      return { type: 'kept' }
    case 'close':
      journal?.close()
      journal = null
      return { type: 'closed' }
  }
}

/** One step a turn: whatever was asked meanwhile comes first. */
const foldSoon = (): void => {
  if (folding || journal?.needsFolding !== true) return
  folding = true
  setImmediate(() => {
    folding = false
    try {
      journal?.fold()
      foldSoon()
    } catch (error) {
      reply({ type: 'unfolded', message: messageOf(error) })
    }
  })
}

const flatten = (sessions: JournalParts): (string | number)[] => {
  const fields: (string | number)[] = []
  for (const [session, parts] of sessions) {
    fields.push(session, parts.size)
    for (const [part, text] of parts) fields.push(part, text)
  }
  return fields
}

const failureOf = (error: unknown): JournalReply =>
  error instanceof JournalRefused ? { type: 'failed', code: error.code, message: error.message } : { type: 'failed', code: null, message: messageOf(error) }

const messageOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error ? `${error.message} (${error.code})` : error.message
}
