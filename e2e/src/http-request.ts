import { type IncomingHttpHeaders, request } from 'node:http'

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  text: string
}

export interface Ask {
  method?: string
  headers?: Readonly<Record<string, string>>
  body?: string
}

/** One HTTP request with exactly these headers, `Host` and `Origin` included, which `fetch` would not send. */
export const ask = (url: string, { method = 'GET', headers = {}, body = '' }: Ask = {}): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers, agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (piece: string) => {
        text += piece
      })
      response.once('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }))
      response.once('error', reject)
    })
    outgoing.once('error', reject)
    outgoing.end(body)
  })

/** The code of an HTTP error body. */
export const codeOf = ({ text }: Answer): string | undefined => (JSON.parse(text) as { error?: { code?: string } }).error?.code

/** Tessera's own code in a tRPC answer. */
export const trpcCodeOf = ({ text }: Answer): string | undefined =>
  (JSON.parse(text) as { error?: { json?: { data?: { tessera?: { code?: string } } } } }).error?.json?.data?.tessera?.code
