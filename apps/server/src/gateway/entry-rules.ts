import type { IncomingHttpHeaders } from 'node:http'
import { hostname, networkInterfaces } from 'node:os'
import { TesseraError } from '@tessera/protocol'

/** Under which names the server answers, and whose pages may talk to it (6-security.md, E1 WebSocket). */
export class EntryRules {
  readonly #hosts: ReadonlySet<string>
  readonly #scheme: 'http' | 'https'
  readonly #devConsole: string | null

  constructor(options: { host: string; allowedHosts: readonly string[]; tls: boolean; devConsole: string | null }) {
    this.#scheme = options.tls ? 'https' : 'http'
    this.#devConsole = options.devConsole
    this.#hosts = new Set(
      ['localhost', '127.0.0.1', '::1', options.host, ...options.allowedHosts, ...(isLoopback(options.host) ? [] : ownNames())].map((name) =>
        name.toLowerCase(),
      ),
    )
  }

  /** Refuses names that are not the server's own: against DNS rebinding. @throws TesseraError `HOST_REFUSED`. */
  checkHost({ host }: IncomingHttpHeaders): void {
    if (host !== undefined && this.#hosts.has(hostnameOf(host))) return
    throw new TesseraError('HOST_REFUSED', `This server does not answer under the name "${(host ?? '').slice(0, 100)}": allow it with --allow-host.`)
  }

  /** Remote clients are no web pages: a request with an Origin comes from one. @throws TesseraError `ORIGIN_REFUSED`. */
  refuseOrigin({ origin }: IncomingHttpHeaders): void {
    if (origin !== undefined) throw new TesseraError('ORIGIN_REFUSED', 'Web pages cannot connect as remote clients.')
  }

  /**
   * A cookie counts only for requests of the server's own pages. Browsers that say where a request comes from must say
   * `same-origin`; an Origin must be the server's own. @throws TesseraError `ORIGIN_REFUSED`.
   */
  needOwnPage(headers: IncomingHttpHeaders, { originRequired }: { originRequired: boolean }): void {
    const site = headers['sec-fetch-site']
    const origin = headers.origin
    const foreignSite = site !== undefined && site !== 'same-origin' && site !== 'none'
    const foreignOrigin = origin === undefined ? originRequired : origin !== `${this.#scheme}://${headers.host ?? ''}` && origin !== this.#devConsole
    if (foreignSite || foreignOrigin) throw new TesseraError('ORIGIN_REFUSED', 'This request does not come from a page of this server.')
  }
}

export const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host)

/** `name:port` and `[::1]:port` without their port. */
const hostnameOf = (host: string): string => {
  const name = host.startsWith('[') ? host.slice(1, host.indexOf(']')) : (host.split(':')[0] ?? '')
  return name.toLowerCase()
}

const ownNames = (): string[] => [hostname(), ...Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).map(({ address }) => address))]
