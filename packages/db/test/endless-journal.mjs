// Appends to a session journal for ever, and notes after each answer what is kept: in a file, which a kill does not take with it.
// Runs what was built, as a server does.
import { openSync, writeSync } from 'node:fs'
import { openSessionJournal } from '../dist/index.js'

const [file, notes, round, writers] = process.argv.slice(2)
const noted = openSync(notes, 'a')
const journal = await openSessionJournal({ file })
const { damage } = await journal.load()
if (damage !== null) throw new Error(damage.what)

const note = (line) => {
  writeSync(noted, line)
  process.stdout.write('.')
}

/** Each append has two entries that tell the same number; now and then its session is forgotten. */
const write = async (writer) => {
  for (let number = 1; ; number += 1) {
    const session = `${round} ${writer}`
    if (number % 50 === 0) {
      await journal.forget(session)
      note(`${session} ${number}\n`)
      continue
    }
    await journal.append([
      { session, part: 'one', text: `${number}` },
      { session, part: 'two', text: `${number} ${'x'.repeat((number * 37) % 3000)}` },
    ])
    note(`${session} ${number}\n`)
  }
}
await Promise.all(Array.from({ length: Number(writers) }, (_, writer) => write(writer)))
