import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where a server of this user runs, for the CLI to find it from any folder. No secret is in here. */
export interface RunningServer {
  url: string
  pid: number
  dataDirectory: string
  project: string
}

const folder = (): string => join(process.env['TESSERA_HOME'] ?? join(homedir(), '.tessera'), 'servers')
const fileOf = (pid: number): string => join(folder(), `${pid}.json`)

/** A server that cannot note itself down still serves: the CLI then needs `--data-dir`. */
export const noteRunningServer = (server: RunningServer): void => {
  try {
    mkdirSync(folder(), { recursive: true, mode: 0o700 })
    writeFileSync(fileOf(server.pid), JSON.stringify(server), { mode: 0o600 })
  } catch {
    return
  }
}

export const forgetRunningServer = (pid: number): void => rmSync(fileOf(pid), { force: true })

/** Servers whose process lives; notes of dead ones are removed on the way. */
export const runningServers = (): RunningServer[] => {
  try {
    return readdirSync(folder()).flatMap((name) => {
      const server = JSON.parse(readFileSync(join(folder(), name), 'utf8')) as RunningServer
      if (lives(server.pid)) return [server]
      forgetRunningServer(server.pid)
      return []
    })
  } catch {
    return []
  }
}

const lives = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
