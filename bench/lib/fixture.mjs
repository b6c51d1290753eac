/** Server methods of the project that crowds call: each session keeps one note in its storage. */
export const noteMethods = {
  keep: `import { onServer, session } from '@tessera/kit'

export default onServer(async (note: string) => {
  await session()?.storage.use((draft) => {
    draft['note'] = note
  })
  return note.length
})
`,
  recall: `import { onServer, session } from '@tessera/kit'

export default onServer(() => session()?.storage.get('note') ?? null)
`,
}

/**
 * The note of one session, which no other has.
 * @param {number} index
 * @param {number} bytes
 */
export const noteOf = (index, bytes) => `${index} `.padEnd(bytes, 'x')
