import { existsSync, readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { TesseraError } from '@tessera/protocol'
import sirv from 'sirv'
import { answerError, notFound } from './answers.ts'

/** Where the console's static export lies beside the server. */
export const consoleDirectory = fileURLToPath(new URL('../../../web/out/', import.meta.url))

/** The SHA-256 of each inline script of the export, as the content security policy wants them. */
export const readScriptHashes = (directory: string): readonly string[] => {
  const file = join(directory, 'csp.json')
  if (!existsSync(file)) return []
  const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'))
  return typeof parsed === 'object' && parsed !== null && 'scripts' in parsed && Array.isArray(parsed.scripts) ? (parsed.scripts as string[]) : []
}

/** `/console/*`: the console's files, precompressed. */
export const createConsoleFiles = (directory: string): ((request: IncomingMessage, response: ServerResponse) => void) => {
  if (!existsSync(join(directory, 'index.html'))) return (_request, response) => answerError(response, notBuilt())
  const serve = sirv(directory, { brotli: true, gzip: true, etag: true, dev: false, setHeaders: cacheFor })
  const answerMissing = createMissingPage(join(directory, '404.html'))
  return (request, response) => {
    request.url = (request.url ?? '/').slice('/console'.length) || '/'
    serve(request, response, () => answerMissing(response))
  }
}

/** sirv would send the page as found. */
const createMissingPage = (file: string): ((response: ServerResponse) => void) => {
  if (!existsSync(file)) return (response) => answerError(response, notFound())
  const page = readFileSync(file)
  return (response) => {
    response.writeHead(404, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-cache' })
    response.end(page)
  }
}

const notBuilt = (): TesseraError => new TesseraError('NOT_FOUND', 'The console is not built: run `npm run build`.')

/** Files named by their content stay for good; pages are asked for again each time. */
const cacheFor = (response: ServerResponse, path: string): void => {
  response.setHeader('Cache-Control', path.includes('/_next/static/') ? 'public, max-age=31536000, immutable' : 'no-cache')
}
