import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs'
import path from 'node:path'

/** Makes a database file, and its folder, for this user only. SQLite gives its side files the rights of this one. */
export const prepareFile = (file: string): void => {
  makeFolder(path.dirname(file))
  closeSync(openSync(file, 'a', 0o600))
}

/** Node 20's own `recursive` never comes back where a folder cannot be made although its parent exists (below /proc). */
const makeFolder = (folder: string): void => {
  if (existsSync(folder)) return
  makeFolder(path.dirname(folder))
  mkdirSync(folder, { mode: 0o700 })
}
