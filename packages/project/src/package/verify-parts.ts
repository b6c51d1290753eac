import { type PackageFile, type PackageManifest, type Problem, packageManifest } from '@tessera/protocol'
import type { z } from 'zod'
import { canonicalJson, type Json } from './canonical-json.ts'
import { damaged, damagedEntry } from './damaged.ts'
import { type Pack, type ServerListing, serverListing, totalBytes } from './pack.ts'
import { sha256 } from './sha256.ts'

/** A package as it was found, nothing checked yet. */
export interface PackageParts {
  manifestBytes: Uint8Array
  listingBytes: Uint8Array
  blobs: ReadonlyMap<string, Uint8Array>
}

/**
 * Checks that every byte is vouched for by the manifest and that nothing is missing or added.
 * @throws TesseraError `PACKAGE_DAMAGED` with a problem for each wrong entry.
 */
export const verifyParts = (parts: PackageParts): Pack => {
  const manifest = parseManifest(parts.manifestBytes)
  const listing = parseListing(parts.listingBytes, manifest)
  const problems = checkBlobs([...manifest.client.files, ...listing.files], parts.blobs)
  if (problems.length > 0) throw damaged(problems[0]?.message ?? '', problems)
  return { digest: sha256(parts.manifestBytes), manifest, listing, ...parts }
}

/** @throws TesseraError `PACKAGE_DAMAGED` where the bytes are no manifest, or another one than the digest names. */
export const parseManifest = (content: Uint8Array, digest?: string): PackageManifest => {
  if (digest !== undefined && sha256(content) !== digest) throw damaged('its manifest does not have the digest that was asked for')
  const manifest = parseCanonical(content, packageManifest, 'manifest.json')
  checkPaths(manifest.client.files, 'manifest.json')
  return manifest
}

/** @throws TesseraError `PACKAGE_DAMAGED` where the bytes are not the listing that the manifest names. */
export const parseListing = (content: Uint8Array, manifest: PackageManifest): ServerListing => {
  if (sha256(content) !== manifest.server.listing) throw damaged('server.json is not the listing that the manifest names')
  const listing = parseCanonical(content, serverListing, 'server.json')
  checkPaths(listing.files, 'server.json')
  const { files, bytes } = manifest.server
  if (listing.files.length !== files || totalBytes(listing.files) !== bytes) throw damaged('server.json does not hold what the manifest counts')
  return listing
}

const parseCanonical = <Schema extends z.ZodType<Json>>(content: Uint8Array, schema: Schema, name: string): z.infer<Schema> => {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content)
    const value = schema.parse(JSON.parse(text))
    if (canonicalJson(value) === text) return value
  } catch (cause) {
    throw damaged(`${name} cannot be read`, undefined, cause)
  }
  throw damaged(`${name} is not in canonical form`)
}

/** Two paths that differ by case only are one file on some machines. */
const checkPaths = (files: readonly PackageFile[], name: string): void => {
  const seen = new Set<string>()
  for (const { path } of files) {
    const key = path.normalize('NFC').toLowerCase()
    if (seen.has(key)) throw damaged(`${name} lists ${path} twice`)
    seen.add(key)
  }
}

const checkBlobs = (files: readonly PackageFile[], blobs: ReadonlyMap<string, Uint8Array>): Problem[] => {
  const problems: Problem[] = []
  const listed = new Set<string>()
  for (const file of files) {
    const content = blobs.get(file.sha256)
    if (content === undefined) problems.push(damagedEntry(file.path, `${file.path} is missing`))
    else if (content.byteLength !== file.bytes || (!listed.has(file.sha256) && sha256(content) !== file.sha256)) {
      problems.push(damagedEntry(file.path, `${file.path} does not hold the bytes that were packed`))
    }
    listed.add(file.sha256)
  }
  for (const digest of blobs.keys()) if (!listed.has(digest)) problems.push(damagedEntry('', `the blob ${digest} belongs to no file`))
  return problems
}
