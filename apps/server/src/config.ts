import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { limits, TesseraError } from '@tessera/protocol'

/** What a server is told at start, checked. */
export interface ServerConfig {
  projectDirectory: string
  dataDirectory: string
  host: string
  port: number
  /** Host names, besides loopback and this machine's own, under which the server may be addressed. */
  allowedHosts: readonly string[]
  tls: { cert: Buffer; key: Buffer } | null
  maxClients: number | null
  heartbeatSeconds: number
  graceSeconds: number
  sleepSeconds: number
  postponeAfterSeconds: number
  postponedSeconds: number
  payloadBytes: number
  /** Most that one session's storage holds, in UTF-8 bytes. */
  storageQuotaBytes: number
  watch: boolean
  /** Starts without the sessions that were kept; their journal is put aside. */
  discardSessions: boolean
  /** Lets everybody in from other machines without a password. */
  open: boolean
  /** Allows cookies without `Secure` on plain HTTP. */
  insecureHttp: boolean
  isolates: number | null
  /** Registers each client as it connects (4d.md PRC-30). */
  registerClients: 'machine' | 'user' | null
  /** Where the console is served from its sources while it is worked on; it counts as the server's own page. */
  devConsole: string | null
}

export interface ServeOptions {
  port?: string
  host?: string
  dataDir?: string
  allowHost?: string[]
  tlsCert?: string
  tlsKey?: string
  maxClients?: string
  heartbeat?: string
  graceSeconds?: string
  sleepTimeout?: string
  postponeAfter?: string
  postponedTimeout?: string
  maxPayload?: string
  storageQuota?: string
  isolates?: string
  registerClients?: string
  watch?: boolean
  discardSessions?: boolean
  open?: boolean
  insecureHttp?: boolean
  devConsole?: string
}

/** @throws TesseraError `BAD_REQUEST` naming the option. */
export const parseServeOptions = (project: string, options: ServeOptions): ServerConfig => {
  const projectDirectory = resolve(project)
  return {
    projectDirectory,
    dataDirectory: dataDirectoryOf(projectDirectory, options.dataDir),
    host: options.host ?? '127.0.0.1',
    port: number('--port', options.port ?? portOf(projectDirectory), { from: 0, to: 65_535 }),
    allowedHosts: options.allowHost ?? [],
    tls: readTls(options),
    maxClients: options.maxClients === undefined ? null : number('--max-clients', options.maxClients, { from: 0, to: 1_000_000 }),
    heartbeatSeconds: number('--heartbeat', options.heartbeat ?? limits.heartbeatSeconds, { from: 1, to: 3600 }),
    graceSeconds: number('--grace-seconds', options.graceSeconds ?? limits.graceSeconds, { from: 1, to: 172_800 }),
    sleepSeconds: number('--sleep-timeout', options.sleepTimeout ?? limits.sleepSeconds, { from: 1, to: 31_536_000 }),
    postponeAfterSeconds: number('--postpone-after', options.postponeAfter ?? limits.postponeAfterSeconds, { from: 0, to: 86_400 }),
    postponedSeconds: number('--postponed-timeout', options.postponedTimeout ?? limits.postponedSeconds, { from: 1, to: 31_536_000 }),
    payloadBytes: number('--max-payload', options.maxPayload ?? limits.payloadBytes, { from: 1024, to: 268_435_456 }),
    storageQuotaBytes: number('--storage-quota', options.storageQuota ?? limits.storageQuotaBytes, { from: 1024, to: 268_435_456 }),
    watch: options.watch ?? false,
    discardSessions: options.discardSessions ?? false,
    open: options.open ?? false,
    insecureHttp: options.insecureHttp ?? false,
    devConsole: options.devConsole ?? null,
    isolates: options.isolates === undefined ? null : number('--isolates', options.isolates, { from: 1, to: 256 }),
    registerClients: registration(options.registerClients),
  }
}

/** `--data-dir`, else `TESSERA_DATA_DIR`, else `.tessera` in the project. */
export const dataDirectoryOf = (projectDirectory: string, option?: string): string =>
  resolve(option || process.env['TESSERA_DATA_DIR'] || join(projectDirectory, '.tessera'))

const number = (option: string, value: string | number, { from, to }: { from: number; to: number }): number => {
  const read = Number(value)
  if (Number.isInteger(read) && read >= from && read <= to && value !== '') return read
  throw new TesseraError('BAD_REQUEST', `${option} takes a whole number from ${from} to ${to}, not "${value}".`)
}

const registration = (value: string | undefined): ServerConfig['registerClients'] => {
  if (value === undefined) return null
  if (value === 'machine' || value === 'user') return value
  throw new TesseraError('BAD_REQUEST', `--register-clients takes "machine" or "user", not "${value}".`)
}

/** The port that the project asks for in its tessera.json; a broken file is reported by the check that follows. */
const portOf = (projectDirectory: string): number => {
  try {
    const settings: unknown = JSON.parse(readFileSync(join(projectDirectory, 'tessera.json'), 'utf8').replace(/^\uFEFF/, ''))
    if (typeof settings === 'object' && settings !== null && 'port' in settings && typeof settings.port === 'number') return settings.port
  } catch {
    return limits.defaultPort
  }
  return limits.defaultPort
}

const readTls = ({ tlsCert, tlsKey }: ServeOptions): ServerConfig['tls'] => {
  if (tlsCert === undefined && tlsKey === undefined) return null
  if (tlsCert === undefined || tlsKey === undefined) throw new TesseraError('BAD_REQUEST', '--tls-cert and --tls-key go together.')
  try {
    return { cert: readFileSync(tlsCert), key: readFileSync(tlsKey) }
  } catch (cause) {
    throw new TesseraError('BAD_REQUEST', `The certificate or its key cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}
