import { createHash } from 'node:crypto'
import { type ErrorBody, fromErrorBody, isErrorCode, type PackageManifest, packageManifest, TesseraError } from '@tessera/protocol'
import { parseAddress } from './address.ts'

export interface DownloadOptions {
  address: string
  /** A session's ticket; as a function it is asked for at each request, since a resume changes it. */
  ticket: string | (() => string)
  digest: string
}

/** A package whose manifest is here and verified; the files are fetched one by one. */
export interface DownloadedPackage {
  digest: string
  manifest: PackageManifest
  /** The bytes whose SHA-256 is the digest. */
  manifestBytes: Uint8Array
  /**
   * One file of the client half by its SHA-256.
   * @throws TesseraError `PACKAGE_DAMAGED` where other bytes came, or the manifest names no such file.
   */
  blob(sha256: string): Promise<Uint8Array>
}

/** 50,000 files of long names fit. */
const manifestBytesAtMost = 32 * 1_048_576

/**
 * Fetches a package's manifest and vouches for it.
 * @throws TesseraError `PACKAGE_DAMAGED` where the bytes are not those of the digest, `SERVER_UNREACHABLE`, and the server's codes.
 */
export const downloadPackage = async (options: DownloadOptions): Promise<DownloadedPackage> => {
  const { origin } = parseAddress(options.address)
  const ticket = (): string => (typeof options.ticket === 'string' ? options.ticket : options.ticket())
  const get = (path: string, most: number): Promise<Uint8Array> => fetchBytes(`${origin}${path}`, ticket(), most)
  const manifestBytes = await get(`/package/${options.digest}`, manifestBytesAtMost)
  verify(manifestBytes, options.digest, 'manifest')
  const manifest = readManifest(manifestBytes)
  const sizes = new Map(manifest.client.files.map((file) => [file.sha256, file.bytes]))
  return {
    digest: options.digest,
    manifest,
    manifestBytes,
    blob: async (sha256) => {
      const size = sizes.get(sha256)
      if (size === undefined) throw new TesseraError('PACKAGE_DAMAGED', `The package has no file ${sha256}.`)
      const bytes = await get(`/package/blob/${sha256}`, size)
      verify(bytes, sha256, 'file')
      return bytes
    },
  }
}

const verify = (bytes: Uint8Array, sha256: string, what: string): void => {
  const found = createHash('sha256').update(bytes).digest('hex')
  if (found !== sha256) throw new TesseraError('PACKAGE_DAMAGED', `The ${what} of the package is damaged: ${sha256} was expected and ${found} came.`)
}

const readManifest = (bytes: Uint8Array): PackageManifest => {
  try {
    return packageManifest.parse(JSON.parse(Buffer.from(bytes).toString('utf8')))
  } catch (cause) {
    throw new TesseraError('PACKAGE_DAMAGED', 'The manifest of the package is none that this client can read.', { cause })
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
