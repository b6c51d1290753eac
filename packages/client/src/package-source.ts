import { type ErrorBody, fromErrorBody, isErrorCode, TesseraError } from '@tessera/protocol'
import { parseAddress } from './address.ts'

export interface PackageSourceOptions {
  address: string
  /** A session's ticket; as a function it is asked for at each request, since a resume changes it. */
  ticket: string | (() => string)
}

/** Where packages come from, byte for byte: whoever asks checks what came against its digest. */
export interface PackageSource {
  /** @throws TesseraError `PACKAGE_DAMAGED` as soon as more than `maxBytes` come, `SERVER_UNREACHABLE`, and the server's codes. */
  fetchManifest(digest: string, maxBytes: number): Promise<Uint8Array>
  fetchBlob(sha256: string, maxBytes: number): Promise<Uint8Array>
}

export const packageSource = (options: PackageSourceOptions): PackageSource => {
  const { origin } = parseAddress(options.address)
  const ticket = (): string => (typeof options.ticket === 'string' ? options.ticket : options.ticket())
  return {
    fetchManifest: (digest, maxBytes) => fetchBytes(`${origin}/package/${digest}`, ticket(), maxBytes),
    fetchBlob: (sha256, maxBytes) => fetchBytes(`${origin}/package/blob/${sha256}`, ticket(), maxBytes),
  }
}

const fetchBytes = async (url: string, ticket: string, most: number): Promise<Uint8Array> => {
  const response = await request(url, ticket)
  if (!response.ok) throw await errorOf(response)
  return readAtMost(response, most).catch((cause: unknown) => {
    throw cause instanceof TesseraError ? cause : unreachable(url, cause)
  })
}

const request = async (url: string, ticket: string): Promise<Response> => {
  try {
    return await fetch(url, { headers: { authorization: `Bearer ${ticket}` }, redirect: 'error' })
  } catch (cause) {
    throw unreachable(url, cause)
  }
}

/** A stream without end is cut off as soon as it is longer than what the manifest promised. */
const readAtMost = async (response: Response, most: number): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > most) throw new TesseraError('PACKAGE_DAMAGED', `More bytes came than the ${most.toLocaleString('en')} that were expected.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** HTTP errors carry `{"error": {"code", "message"}}`. */
const errorOf = async (response: Response): Promise<TesseraError> => {
  const document: unknown = await response.json().catch(() => null)
  const body: unknown = typeof document === 'object' && document !== null && 'error' in document ? document.error : null
  if (isErrorBody(body)) return fromErrorBody(body)
  return new TesseraError('INTERNAL', `The server answered ${response.status} ${response.statusText} without saying why.`)
}

const isErrorBody = (value: unknown): value is ErrorBody =>
  typeof value === 'object' && value !== null && 'code' in value && isErrorCode(value.code) && 'message' in value && typeof value.message === 'string'

const unreachable = (url: string, cause: unknown): TesseraError =>
  new TesseraError('SERVER_UNREACHABLE', `${new URL(url).host} did not send what was asked for: ${reasonOf(cause)}.`, { cause })

/** `fetch` says only "fetch failed"; the socket's own error is its cause. */
const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error && error.cause.message !== '' ? error.cause.message : error.message
}
