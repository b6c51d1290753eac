import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

/**
 * Writes a small tree of files that lives as long as the test that asked for it.
 * @param {Record<string, string | object>} files path to text; an object is written as JSON
 * @returns {string} its root
 */
export const writeTree = (files) => {
  const root = mkdtempSync(join(tmpdir(), 'tessera-scripts-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content))
  }
  return root
}

/**
 * A package.json as the workspace has them.
 * @param {string} name
 * @param {object} [more]
 */
export const manifest = (name, more = {}) => ({ name: `@tessera/${name}`, exports: { '.': './dist/index.js' }, ...more })
