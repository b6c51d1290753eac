import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** How resident memory is read, and how often that is cheap enough. */
export interface ResidentReader {
  everyMs: number
  /** In bytes, by process; those that are gone are not in it. */
  read(pids: readonly number[]): Promise<ReadonlyMap<number, number>>
}

/** The second field of statm; 8 us a process. */
const pagesOf = (proc: string, pid: number | 'self'): number => Number(readFileSync(`${proc}/${pid}/statm`, 'latin1').split(' ')[1])

/** Nobody tells their size: it is found by this very process, of which Node knows the bytes. */
const findPageBytes = (proc: string): number => 2 ** Math.round(Math.log2(process.memoryUsage.rss() / pagesOf(proc, 'self')))

/** Null where processes are not shown: in a container without /proc. */
const linux = (proc: string): ResidentReader | null => {
  let pageBytes: number
  try {
    pageBytes = findPageBytes(proc)
  } catch {
    return null
  }
  const bytesOf = (pid: number): readonly (readonly [number, number])[] => {
    try {
      return [[pid, pagesOf(proc, pid) * pageBytes]]
    } catch {
      return []
    }
  }
  return { everyMs: 100, read: (pids) => Promise.resolve(new Map(pids.flatMap(bytesOf))) }
}

/** Other systems of the Unix kind: one `ps` for all. */
const unix: ResidentReader = {
  everyMs: 1000,
  read: (pids) =>
    new Promise((resolve) => {
      execFile('ps', ['-o', 'pid=,rss=', '-p', pids.join(',')], (_error, output) => resolve(parsePs(output)))
    }),
}

export const parsePs = (output: string): ReadonlyMap<number, number> =>
  new Map(
    output.split('\n').flatMap((line) => {
      const found = /^\s*(\d+)\s+(\d+)\s*$/.exec(line)
      return found === null ? [] : [[Number(found[1]), Number(found[2]) * 1024] as const]
    }),
  )

/** Null where there is no cheap way, as on Windows: what the watchdogs in the isolates tell is all that counts there. */
export const residentReader = (platform: NodeJS.Platform = process.platform, proc = '/proc'): ResidentReader | null =>
  platform === 'linux' ? linux(proc) : platform === 'win32' ? null : unix
