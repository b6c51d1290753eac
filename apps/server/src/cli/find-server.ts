import { resolve } from 'node:path'
import { type AdminClient, createAdminClient } from '@tessera/client'
import { TesseraError } from '@tessera/protocol'
import { readServerFile } from '../data-directory.ts'
import { type RunningServer, runningServers } from '../running-servers.ts'

/** Options of every verb that talks to a running server. */
export interface ServerOptions {
  url?: string
  dataDir?: string
}

/**
 * The server that is meant: by `--data-dir` or `TESSERA_DATA_DIR`, by `--url`, the one whose project is this folder, or the only
 * one that runs. On its own machine the owner's token lets in; elsewhere `TESSERA_TOKEN`.
 * @throws TesseraError `SERVER_UNREACHABLE`, `SIGN_IN_REQUIRED`.
 */
export const findServer = (options: ServerOptions): { url: string; token: string } => {
  const directory = options.dataDir ?? process.env['TESSERA_DATA_DIR']
  if (options.url !== undefined) return byUrl(options.url, directory)
  if (directory !== undefined) return ownerOf(directory, null)
  return ownerOf(onlyOne(runningServers()).dataDirectory, null)
}

export const adminClient = (options: ServerOptions): AdminClient => createAdminClient(findServer(options))

const byUrl = (given: string, directory: string | undefined): { url: string; token: string } => {
  const url = given.includes('://') ? given : `http://${given}`
  const token = process.env['TESSERA_TOKEN']
  if (token !== undefined) return { url, token }
  const known = directory ?? runningServers().find((server) => sameServer(server.url, url))?.dataDirectory
  if (known === undefined)
    throw new TesseraError('SIGN_IN_REQUIRED', `To administer ${url} from here, put a token into TESSERA_TOKEN (made with \`tessera token create\`).`)
  return ownerOf(known, url)
}

const ownerOf = (directory: string, url: string | null): { url: string; token: string } => {
  const file = readServerFile(resolve(directory))
  if (file === null) throw new TesseraError('SERVER_UNREACHABLE', `No server runs with the data directory ${resolve(directory)}.`)
  return { url: url ?? file.url, token: file.token }
}

const onlyOne = (servers: readonly RunningServer[]): RunningServer => {
  const here = servers.filter(({ project }) => process.cwd() === project || process.cwd().startsWith(`${project}/`))
  const meant = here.length > 0 ? here : servers
  const [first] = meant
  if (first === undefined)
    throw new TesseraError('SERVER_UNREACHABLE', 'No server runs here: start one with `tessera serve`, or say which with --url or --data-dir.')
  if (meant.length > 1) throw new TesseraError('BAD_REQUEST', `Several servers run here; say which with --url: ${meant.map(({ url }) => url).join(', ')}`)
  return first
}

/** `localhost` and `127.0.0.1` are one machine; the port decides. */
const sameServer = (a: string, b: string): boolean => {
  const [one, other] = [new URL(a), new URL(b)]
  const loopback = new Set(['localhost', '127.0.0.1', '[::1]'])
  return one.port === other.port && (one.hostname === other.hostname || (loopback.has(one.hostname) && loopback.has(other.hostname)))
}
