import { createReadStream } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { asDigest, type Engine } from '@tessera/core'
import { sha256Text, TesseraError } from '@tessera/protocol'
import { notFound } from './answers.ts'
import { bearerOf } from './credentials.ts'

/** Where packages lie, as this sender needs them. */
export interface PackageFiles {
  /** The manifest's bytes; null for an unknown digest. */
  readManifest(digest: string): Promise<Uint8Array | null>
  /** The file of a blob that belongs to a client half; null for any other. */
  readClientBlob(sha256: string): Promise<string | null>
}

interface Parts {
  engine: Pick<Engine, 'reads'>
  packages: PackageFiles
}

const immutable = 'private, max-age=31536000, immutable'

/** `/package/<digest>` and `/package/blob/<sha256>`, for holders of a session ticket. The server half never leaves. */
export const sendPackage = async (request: IncomingMessage, response: ServerResponse, { engine, packages }: Parts): Promise<void> => {
  const ticket = bearerOf(request)
  const allowed = ticket === null ? null : engine.reads.ticket(ticket)
  if (allowed === null) throw new TesseraError('SIGN_IN_REQUIRED', 'Packages are for connected clients: the ticket is missing or its session has ended.')
  const [, , first, second] = new URL(request.url ?? '/', 'http://localhost').pathname.split('/')
  const name = first === 'blob' ? second : first
  if (!sha256Text.safeParse(name).success || name === undefined) throw notFound()
  if (first === 'blob') await sendBlob(response, await packages.readClientBlob(name))
  else await sendManifest(response, allowed.has(asDigest(name)) ? await packages.readManifest(name) : null)
}

const sendManifest = async (response: ServerResponse, bytes: Uint8Array | null): Promise<void> => {
  if (bytes === null) throw notFound()
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': bytes.length, 'Cache-Control': immutable })
  response.end(bytes)
}

const sendBlob = async (response: ServerResponse, path: string | null): Promise<void> => {
  if (path === null) throw notFound()
  const file = createReadStream(path)
  response.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Cache-Control': immutable })
  await pipeline(file, response)
}
