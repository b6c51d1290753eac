import type { ServerResponse } from 'node:http'
import { errorCodes, TesseraError, toErrorBody } from '@tessera/protocol'

export const answerJson = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' })
  response.end(JSON.stringify(body))
}

/** `{"error":{"code","message","retryAfterMs"?}}` under the status of the code. */
export const answerError = (response: ServerResponse, error: unknown): void => {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const { code, message, retryAfterMs } = toErrorBody(error)
  if (retryAfterMs !== undefined) response.setHeader('Retry-After', String(Math.ceil(retryAfterMs / 1000)))
  answerJson(response, errorCodes[code].status, { error: { code, message, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) } })
}

export const notFound = (): TesseraError => new TesseraError('NOT_FOUND', 'There is nothing at this address.')
