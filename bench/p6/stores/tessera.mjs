import { join } from 'node:path'
import { compose } from '@tessera/server/compose'
import { parseServeOptions } from '@tessera/server/config'
import { changeOf, documentOf, lineOf, slotOf } from '../document.mjs'

/** @typedef {{ id: import('@tessera/core').SessionId, by: import('@tessera/core').Actor, clock: number }} Kept */

const nobody = {
  user: null,
  password: null,
  project: null,
  address: '127.0.0.1',
  systemUserName: '',
  hostType: '',
  mayPostpone: false,
}
const logger = { info: () => undefined, warn: () => undefined, error: (/** @type {string} */ message) => void process.stderr.write(`${message}\n`) }

/**
 * The engine as the server composes it, without the server's port: a change is the command that comes from a session's code.
 * @param {import('../stores.mjs').StoreOptions} options
 * @returns {Promise<import('../writers.mjs').Store>}
 */
export const open = async ({ bytes, directory, project, sessions: count }) => {
  const config = parseServeOptions(project, { dataDir: join(directory, 'data'), isolates: '1', graceSeconds: '86400' })
  const { engine, close } = await compose(config, '0.1.0', logger)
  await engine.start()
  const kept = await takeUp(engine, count)
  const need = (/** @type {number} */ session) => {
    const held = kept.get(session)
    if (held === undefined) throw new Error(`There is no session ${session}.`)
    return held
  }
  const commit = async (/** @type {Kept} */ held, /** @type {[string, string][]} */ changes) => {
    const request = { sessionId: held.id, base: held.clock, touched: changes.map(([slot]) => slot), changes }
    const { won, since } = await engine.dispatch('storage.commit', request, held.by)
    if (!won || since.clock !== held.clock + 1)
      throw new Error(`A change of ${held.id} was not acknowledged as it should be: ${JSON.stringify(since).slice(0, 300)}`)
    held.clock = since.clock
  }
  return {
    seed: async (session) => {
      const introduction = { ...nobody, machineName: machineOf(session) }
      const { sessionId, mainProcess } = await engine.dispatch('session.open', { introduction }, { kind: 'edge', address: nobody.address })
      const held = { id: sessionId, by: /** @type {const} */ ({ kind: 'code', sessionId, processId: mainProcess.id }), clock: 0 }
      kept.set(session, held)
      await commit(
        held,
        Object.entries(documentOf(bytes)).map(([slot, line]) => [slot, JSON.stringify(line)]),
      )
    },
    change: (session, line, change) => commit(need(session), [[slotOf(line), JSON.stringify(lineOf(change))]]),
    read: async (session, line) => {
      const held = kept.get(session)
      if (held === undefined) return null
      const text = engine.reads.storage(held.id).slots.find(({ slot }) => slot === slotOf(line))?.text
      return text === undefined ? null : changeOf(JSON.parse(text))
    },
    close: async () => {
      await engine.stop('The benchmark is over.')
      await close()
    },
  }
}

const machineOf = (/** @type {number} */ session) => `bench-${session}`

/**
 * The sessions that survived, by their number.
 * @param {import('@tessera/core').Engine} engine
 * @param {number} count
 * @returns {Promise<Map<number, Kept>>}
 */
const takeUp = async (engine, count) => {
  /** @type {Map<number, Kept>} */
  const kept = new Map()
  const page = engine.reads.sessions({
    query: { text: '', chips: ['remote'] },
    sort: { column: 'machineName', direction: 'ascending' },
    limit: count,
    cursor: null,
  })
  for (const { id, machineName } of page.rows) {
    const sessionId = /** @type {import('@tessera/core').SessionId} */ (id)
    const { storageClock, processList } = engine.reads.session(id)
    const processId = /** @type {import('@tessera/core').ProcessId} */ (processList[0]?.id ?? '')
    kept.set(Number(machineName.slice('bench-'.length)), { id: sessionId, by: { kind: 'code', sessionId, processId }, clock: storageClock })
  }
  return kept
}
