import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { asDigest, type Digest, noRoles, type PackageStore, readPackedRoles, type ServerFacts, type StoredPackage } from '@tessera/core'
import { type PackageFile, type PackageManifest, TesseraError } from '@tessera/protocol'
import { parseCatalog } from '../folder/catalog-file.ts'
import { type BlobsOnDisk, createBlobsOnDisk, readFileIfThere } from './blobs-on-disk.ts'
import { createClientBlobs } from './client-blobs.ts'
import { damaged } from './damaged.ts'
import { inBatches } from './in-batches.ts'
import { type Pack, type ServerListing, totalBytes } from './pack.ts'
import { holdsExactly, removeFolder, writeReadOnlyFolder } from './read-only-folder.ts'
import { sha256 } from './sha256.ts'
import { parseListing, parseManifest } from './verify-parts.ts'
import { writeAtomically } from './write-atomically.ts'

/** Packages on this machine's disk, and what the HTTP sender may hand out of them. */
export interface PackageStoreOnDisk extends PackageStore {
  /** Keeps a package. Nothing of it is visible before all of it is there; one that is there already is mended, not copied. */
  put(pack: Pack): Promise<StoredPackage>
  /** The manifest's bytes, or null for a package that is not here. */
  readManifest(digest: string): Promise<Uint8Array | null>
  /** Absolute path of a file of some package's client half; null for anything else, files of a server half above all. */
  readClientBlob(sha256: string): Promise<string | null>
  /** Digests of all packages that are here, sorted. */
  list(): Promise<Digest[]>
  /** Where the last build of the project is remembered. */
  readonly lastBuildFile: string
}

/** @param directory the server's data directory; packages live in `packages/` below it. */
export const createPackageStore = (directory: string): PackageStoreOnDisk => {
  const root = join(directory, 'packages')
  const blobs = createBlobsOnDisk(join(root, 'blobs'))
  const clientBlobs = createClientBlobs(() => readManifests(root))
  const inTurn = createTurns(() => sweep(root))
  return {
    put: (pack) =>
      inTurn(async () => {
        await writePack(root, blobs, pack)
        clientBlobs.add(pack.digest, pack.manifest)
        return openPackage(root, blobs, pack.digest)
      }),
    open: (digest) => inTurn(() => openPackage(root, blobs, digest)),
    remove: (digest) =>
      inTurn(async () => {
        await removePackage(root, blobs, digest)
        clientBlobs.remove(digest)
      }),
    readManifest: (digest) => (isDigest(digest) ? readFileIfThere(manifestPath(root, digest)) : Promise.resolve(null)),
    readClientBlob: async (sha256) => ((await clientBlobs.has(sha256)) ? blobs.pathOf(sha256) : null),
    lastBuildFile: join(root, 'last-build.json'),
    list: async () => (await listDigests(root)).map(asDigest),
  }
}

const manifestPath = (root: string, digest: string): string => join(root, 'manifests', `${digest}.json`)
const listingPath = (root: string, digest: string): string => join(root, 'server', `${digest}.json`)
const unpackedPath = (root: string, digest: string): string => join(root, 'unpacked', digest)
const isDigest = (text: string): boolean => /^[0-9a-f]{64}$/.test(text)

/** One at a time, after the first: removing a package must not take blobs that another is just being put with. */
const createTurns = (first: () => Promise<void>) => {
  let last: Promise<unknown> | undefined
  return <Result>(work: () => Promise<Result>): Promise<Result> => {
    last ??= first().catch(() => undefined)
    const turn = last.then(work)
    last = turn.catch(() => undefined)
    return turn
  }
}

/** Removes what a process that was killed while it wrote has left; nothing ever looks at it. A data directory has one process. */
const sweep = async (root: string): Promise<void> => {
  for (const folder of ['manifests', 'server', 'unpacked']) await removeLeftovers(join(root, folder))
  const blobs = join(root, 'blobs')
  for (const folder of await namesIn(blobs)) await removeLeftovers(join(blobs, folder))
}

const removeLeftovers = async (folder: string): Promise<void> => {
  for (const name of await namesIn(folder)) {
    if (!/\.(?:tmp|old)$/.test(name)) continue
    await removeFolder(join(folder, name)).catch(() => rm(join(folder, name), { force: true }))
  }
}

/** Nothing where there is no such folder. */
const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => [])

/** The manifest is written last: where it stands, all that it names stands too. */
const writePack = async (root: string, blobs: BlobsOnDisk, pack: Pack): Promise<void> => {
  await inBatches([...pack.blobs], ([digest, content]) => blobs.write(digest, content))
  await writeAtomically(listingPath(root, pack.digest), pack.listingBytes)
  await writeAtomically(manifestPath(root, pack.digest), pack.manifestBytes)
}

const openPackage = async (root: string, blobs: BlobsOnDisk, digest: string): Promise<StoredPackage> => {
  const { manifest, listing } = await readHalves(root, digest)
  const serverDirectory = unpackedPath(root, digest)
  if (!(await holdsExactly(serverDirectory, listing.files))) {
    await mkdir(join(root, 'unpacked'), { recursive: true })
    await writeReadOnlyFolder(serverDirectory, listing.files, (file) => needBlob(blobs, file))
  }
  const facts = await readFacts(blobs, manifest, listing)
  return { digest: asDigest(digest), bytes: totalBytes(manifest.client.files) + totalBytes(listing.files), manifest, facts, serverDirectory }
}

const readHalves = async (root: string, digest: string): Promise<{ manifest: PackageManifest; listing: ServerListing }> => {
  const manifestBytes = isDigest(digest) ? await readFileIfThere(manifestPath(root, digest)) : null
  if (manifestBytes === null) throw new TesseraError('VERSION_NOT_FOUND', `The package ${digest.slice(0, 12)} is not on this server.`)
  const manifest = parseManifest(manifestBytes, digest)
  const listingBytes = await readFileIfThere(listingPath(root, digest))
  if (listingBytes === null) throw damaged('the listing of its server half is missing')
  return { manifest, listing: parseListing(listingBytes, manifest) }
}

const needBlob = async (blobs: BlobsOnDisk, file: PackageFile): Promise<Uint8Array> => {
  const content = await blobs.read(file.sha256)
  if (content === null) throw damaged(`${file.path} is missing or altered on this server`)
  return content
}

const readFacts = async (blobs: BlobsOnDisk, manifest: PackageManifest, listing: ServerListing): Promise<ServerFacts> => {
  const readText = async (path: string): Promise<string | null> => {
    const file = listing.files.find((each) => each.path === path)
    return file === undefined ? null : new TextDecoder().decode(await needBlob(blobs, file))
  }
  const roles = await readText('roles.json')
  const catalog = await readText('catalog.json')
  return {
    project: manifest.project,
    publication: listing.publication,
    databaseMethods: listing.databaseMethods,
    execution: listing.execution,
    schedules: listing.schedules,
    callLog: listing.callLog,
    roles: roles === null ? noRoles : readPackedRoles(roles),
    catalog: catalog === null ? null : parseCatalog(catalog),
  }
}

const removePackage = async (root: string, blobs: BlobsOnDisk, digest: string): Promise<void> => {
  if (!isDigest(digest)) return
  const going = await blobsOf(root, digest)
  await rm(manifestPath(root, digest), { force: true })
  await rm(listingPath(root, digest), { force: true })
  await removeFolder(unpackedPath(root, digest))
  for (const other of await listDigests(root)) for (const kept of await blobsOf(root, other)) going.delete(kept)
  await inBatches([...going], (blob) => blobs.remove(blob))
}

const blobsOf = async (root: string, digest: string): Promise<Set<string>> => {
  try {
    const { manifest, listing } = await readHalves(root, digest)
    return new Set([...manifest.client.files, ...listing.files].map((file) => file.sha256))
  } catch (cause) {
    if (cause instanceof TesseraError) return new Set()
    throw cause
  }
}

const readManifests = async (root: string): Promise<(readonly [string, PackageManifest])[]> => {
  const manifests: (readonly [string, PackageManifest])[] = []
  for (const digest of await listDigests(root)) {
    const content = await readFileIfThere(manifestPath(root, digest))
    // A damaged package cannot be opened; it must not keep the others from being sent.
    if (content !== null && sha256(content) === digest) manifests.push([digest, parseManifest(content, digest)])
  }
  return manifests
}

const listDigests = async (root: string): Promise<string[]> => {
  const names = await namesIn(join(root, 'manifests'))
  return names
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length))
    .filter(isDigest)
    .sort()
}
