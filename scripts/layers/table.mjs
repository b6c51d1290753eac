/**
 * Who may import whom, as ARCHITECTURE.md says it. `value` is any import, `types` only `import type`.
 * Whatever is missing here is forbidden, a package that nobody listed included.
 * @typedef {'value' | 'types'} Edge
 */

const adapter = { protocol: 'value', kit: 'value', core: 'value' }
const outside = 'anything public'

/** @type {Record<string, Record<string, Edge> | typeof outside>} */
const mayImport = {
  'packages/protocol': {},
  'packages/kit': { protocol: 'value' },
  'packages/core': { protocol: 'value', kit: 'types' },
  'packages/project': adapter,
  'packages/runtime': adapter,
  'packages/db': adapter,
  'packages/cluster': adapter,
  'packages/api': { protocol: 'value', core: 'value' },
  'packages/client': { protocol: 'value', kit: 'types', api: 'types' },
  'apps/remote': { protocol: 'value', kit: 'types', project: 'value', runtime: 'value', client: 'value' },
  'apps/web': { protocol: 'value', api: 'types' },
  'apps/server': outside,
  e2e: outside,
  bench: outside,
}

/** A project imports what it is given and what a script of ours would: the kit, and the client SDK. */
const exampleMayImport = { kit: 'value', client: 'value' }

/** These run in a browser, in a worker or under a test clock: no Node in them. */
const withoutNode = new Set(['packages/protocol', 'packages/kit', 'packages/core'])

/** Where project code runs the kit is told who stands behind it; this entry is not for anybody else, projects least of all. */
const hostEntry = '@tessera/kit/host'
const runsProjectCode = new Set(['packages/runtime', 'apps/remote'])

/** Entry points of core that only tests may use, whatever the layer of the package they stand in. */
const testEntries = new Set(['@tessera/core/testing', '@tessera/core/contracts'])
const openToTests = new Set([...testEntries, '@tessera/core/memory'])

/** @param {string} folder of the importing package */
export const mustStayWithoutNode = (folder) => withoutNode.has(folder)

/** @param {string} specifier */
export const isTestEntry = (specifier) => testEntries.has(specifier)

/** Whether a test may import this although its package may not. @param {string} specifier */
export const isOpenToTests = (specifier) => openToTests.has(specifier)

/**
 * @param {string} from folder of the importing package
 * @param {string} to folder of the imported package
 * @param {string} specifier
 * @returns {Edge | null}
 */
export const findEdge = (from, to, specifier) => {
  if (specifier === hostEntry) return runsProjectCode.has(from) ? 'value' : null
  const row = from.startsWith('examples/') ? exampleMayImport : mayImport[from]
  if (row === outside) return to === 'apps/web' ? null : 'value'
  return row?.[to.replace(/^(packages|apps)\//, '')] ?? null
}

/** @param {string} folder */
export const isListed = (folder) => folder in mayImport || folder.startsWith('examples/')
