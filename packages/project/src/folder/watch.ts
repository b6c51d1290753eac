import { relative } from 'node:path'
import { watch } from 'chokidar'
import { isJunk, placeFile } from './layout.ts'

export interface WatchOptions {
  /** How long the folder must be quiet before a burst of changes counts as over. */
  quietMs?: number
  /** Told when the system can no longer watch, such as past its limit of watched files. */
  onError?(cause: unknown): void
}

/**
 * Watches a project folder; what a package never holds is not watched. Resolves when it does watch.
 * @param onChange called once for each burst of changes, with the project's paths that changed.
 */
export const watchProject = async (
  directory: string,
  onChange: (paths: readonly string[]) => void,
  { quietMs = 80, onError = () => undefined }: WatchOptions = {},
): Promise<{ close(): Promise<void> }> => {
  const changed = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  const tell = (): void => {
    const paths = [...changed].sort()
    changed.clear()
    onChange(paths)
  }
  const pathOf = (absolute: string): string => relative(directory, absolute).replaceAll('\\', '/').normalize('NFC')
  const watcher = watch(directory, { ignoreInitial: true, followSymlinks: false, ignored: (path) => pathOf(path).split('/').some(isJunk) })
  watcher.on('all', (event, absolute) => {
    const path = pathOf(absolute)
    if (event === 'addDir' || event === 'unlinkDir' || placeFile(path).kind === 'ignored') return
    changed.add(path)
    clearTimeout(timer)
    timer = setTimeout(tell, quietMs)
  })
  await new Promise<void>((resolve, reject) => {
    watcher.once('ready', resolve)
    watcher.once('error', reject)
  })
  watcher.on('error', onError)
  return {
    close: async () => {
      clearTimeout(timer)
      await watcher.close()
    },
  }
}
