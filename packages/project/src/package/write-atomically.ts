import { randomUUID } from 'node:crypto'
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Writes a file whole or not at all, also when the machine stops meanwhile: another name first, flushed, then renamed. */
export const writeAtomically = async (path: string, content: Uint8Array): Promise<void> => {
  await mkdir(dirname(path), { recursive: true })
  const temporary = `${path}.${process.pid}.${randomUUID()}.tmp`
  try {
    await writeFlushed(temporary, content)
    await rename(temporary, path)
  } catch (cause) {
    await rm(temporary, { force: true })
    throw cause
  }
  await flushFolder(dirname(path))
}

const writeFlushed = async (path: string, content: Uint8Array): Promise<void> => {
  await using(await open(path, 'wx', 0o600), async (file) => {
    await file.writeFile(content)
    await file.sync()
  })
}

/** Makes the names in a folder durable. Windows cannot, and need not. */
export const flushFolder = async (path: string): Promise<void> => {
  if (process.platform === 'win32') return
  await using(await open(path, 'r'), (folder) => folder.sync())
}

const using = async (file: FileHandle, work: (file: FileHandle) => Promise<void>): Promise<void> => {
  try {
    await work(file)
  } finally {
    await file.close()
  }
}
