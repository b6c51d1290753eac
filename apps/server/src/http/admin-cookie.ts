import type { IncomingMessage, ServerResponse } from 'node:http'

/**
 * The console's cookie. Cookies ignore ports, so the name tells servers on one machine apart; `__Host-` needs `Secure`, which
 * browsers accept on loopback and drop on a plain-HTTP network (6-security.md E1, E5).
 */
export class AdminCookie {
  readonly #name: string
  readonly #attributes: string

  constructor(serverId: string, options: { insecure: boolean }) {
    this.#name = options.insecure ? `tessera_admin_${serverId}` : `__Host-tessera_admin_${serverId}`
    this.#attributes = `Path=/; HttpOnly; SameSite=Strict${options.insecure ? '' : '; Secure'}`
  }

  read({ headers }: Pick<IncomingMessage, 'headers'>): string | null {
    for (const pair of (headers.cookie ?? '').split(';')) {
      const at = pair.indexOf('=')
      if (pair.slice(0, at).trim() === this.#name) return pair.slice(at + 1).trim()
    }
    return null
  }

  /** A session cookie: the server decides when it ends. */
  set(response: ServerResponse, token: string): void {
    response.appendHeader('Set-Cookie', `${this.#name}=${token}; ${this.#attributes}`)
  }

  clear(response: ServerResponse): void {
    response.appendHeader('Set-Cookie', `${this.#name}=; Max-Age=0; ${this.#attributes}`)
  }
}
