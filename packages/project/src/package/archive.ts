import { TesseraError } from '@tessera/protocol'
import { unzipSync, type Zippable, zipSync } from 'fflate'
import { damaged } from './damaged.ts'
import type { Pack } from './pack.ts'
import { sha256 } from './sha256.ts'
import { type PackageParts, verifyParts } from './verify-parts.ts'

/** Checked before a single byte is unpacked (6-security.md, Archives). */
export const archiveLimits = { archiveBytes: 536_870_912, unpackedBytes: 1_073_741_824, entryBytes: 268_435_456, entries: 60_000 } as const

const sealLabel = 'tessera sha256 '
const sealBytes = sealLabel.length + 64
/** Length of a ZIP's end record without its comment; the comment's length is its last two bytes. */
const endRecordBytes = 22

/**
 * Writes the package as a ZIP archive: manifest, server listing, then each blob under its digest, in that order, without
 * times, attributes or names that this machine could colour. Its comment is a seal over all bytes before it: content is
 * vouched for by the digest, and the seal makes even a bit that means nothing (padding of a stream) count as damage.
 */
export const writeArchive = (pack: Pack): Uint8Array => {
  const entries: Zippable = { 'manifest.json': pack.manifestBytes, 'server.json': pack.listingBytes }
  for (const digest of [...pack.blobs.keys()].sort()) entries[`blobs/${digest}`] = pack.blobs.get(digest) ?? new Uint8Array()
  // ZIP keeps local time: the date is built from local parts, so every time zone writes the same one.
  return seal(zipSync(entries, { level: 6, mem: 8, mtime: new Date(1980, 0, 1), os: 0, attrs: 0 }))
}

/**
 * Reads an archive and checks every byte of it. Paths in it are only ever names to look up.
 * @throws TesseraError `PACKAGE_DAMAGED`, and nothing else.
 */
export const readArchive = (archive: Uint8Array): Pack => {
  try {
    return verifyParts(readParts(checkSeal(archive)))
  } catch (cause) {
    throw cause instanceof TesseraError ? cause : damaged('it cannot be read as an archive', undefined, cause)
  }
}

const seal = (zip: Uint8Array): Uint8Array => {
  const sealed = Buffer.alloc(zip.byteLength + sealBytes)
  sealed.set(zip)
  sealed.writeUInt16LE(sealBytes, zip.byteLength - 2)
  sealed.write(sealLabel + sha256(sealed.subarray(0, zip.byteLength)), zip.byteLength, 'latin1')
  return sealed
}

/** The archive without its seal, in which unzipping finds the end record at the very end. */
const checkSeal = (archive: Uint8Array): Uint8Array => {
  if (archive.byteLength > archiveLimits.archiveBytes) throw damaged(`it is larger than ${archiveLimits.archiveBytes} bytes`)
  const end = archive.byteLength - sealBytes
  const sealed = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength)
  if (end < endRecordBytes || sealed.toString('latin1', end, end + sealLabel.length) !== sealLabel) throw damaged('it is truncated, or no Tessera package')
  if (sealed.toString('latin1', end + sealLabel.length) !== sha256(sealed.subarray(0, end))) throw damaged('its bytes are not those that were packed')
  const zip = Buffer.from(sealed.subarray(0, end))
  zip.writeUInt16LE(0, end - 2)
  return zip
}

const entryName = /^(?:manifest\.json|server\.json|blobs\/[0-9a-f]{64})$/

const readParts = (zip: Uint8Array): PackageParts => {
  const names = new Set<string>()
  let unpackedBytes = 0
  const entries = unzipSync(zip, {
    filter: ({ name, originalSize }) => {
      if (!entryName.test(name)) throw damaged('it holds an entry that no package has')
      if (names.has(name)) throw damaged(`it holds ${name} twice`)
      names.add(name)
      unpackedBytes += originalSize
      if (names.size > archiveLimits.entries) throw damaged(`it holds more than ${archiveLimits.entries} entries`)
      if (originalSize > archiveLimits.entryBytes || unpackedBytes > archiveLimits.unpackedBytes)
        throw damaged('it would unpack to more than a package may hold')
      return true
    },
  })
  const { 'manifest.json': manifestBytes, 'server.json': listingBytes, ...blobs } = entries
  if (manifestBytes === undefined) throw damaged('manifest.json is missing')
  if (listingBytes === undefined) throw damaged('server.json is missing')
  return { manifestBytes, listingBytes, blobs: new Map(Object.entries(blobs).map(([name, content]) => [name.slice('blobs/'.length), content])) }
}
