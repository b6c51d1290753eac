import { usualCallLog, usualExecution } from '@tessera/core'
import { type PackageFile, type PackageManifest, packageFile, packageManifest } from '@tessera/protocol'
import { z } from 'zod'
import { canonicalJson } from './canonical-json.ts'
import { sha256 } from './sha256.ts'

/** Files of one half by path; paths have forward slashes and are relative. */
export type HalfFiles = ReadonlyMap<string, Uint8Array>

export const databaseMethodNames = ['onStartup', 'onExit', 'onServerStartup', 'onServerShutdown', 'onServerOpenConnection', 'onServerCloseConnection'] as const

/** The server half's listing: it never leaves the server. Roles and catalog are files of the half itself. */
export const serverListing = z.strictObject({
  format: z.literal(1),
  files: z.array(packageFile).max(50_000),
  publication: z.string().min(1).max(200),
  databaseMethods: z.array(z.enum(databaseMethodNames)),
  execution: z
    .object({
      host: z.enum(['process', 'thread']),
      placement: z.enum(['shared', 'per-session']),
      isolates: z.number().nullable(),
      heapMb: z.number(),
      residentMb: z.number(),
      deadlineMs: z.number().nullable(),
      resultBytes: z.number().nullable(),
    })
    .default(usualExecution),
  schedules: z.array(z.object({ name: z.string(), cron: z.string(), timeZone: z.string().nullable(), method: z.string(), args: z.string() })).default([]),
  callLog: z.object({ enabled: z.boolean(), slowMs: z.number(), arguments: z.boolean() }).default(usualCallLog),
})
export type ServerListing = z.infer<typeof serverListing>

/** One package in memory: what the manifest vouches for, and the bytes themselves by SHA-256. */
export interface Pack {
  digest: string
  manifest: PackageManifest
  manifestBytes: Uint8Array
  listing: ServerListing
  listingBytes: Uint8Array
  blobs: ReadonlyMap<string, Uint8Array>
}

export interface PackInput {
  project: string
  publication: string
  kit: string
  clientRange: { min: number; max: number }
  databaseMethods: ServerListing['databaseMethods']
  execution?: ServerListing['execution']
  schedules?: ServerListing['schedules']
  callLog?: ServerListing['callLog']
  client: HalfFiles
  server: HalfFiles
}

/** Makes the package of two compiled halves. The same halves give the same bytes, whatever the order of their files. */
export const packHalves = (input: PackInput): Pack => {
  const blobs = new Map<string, Uint8Array>()
  const client = listFiles(input.client, blobs)
  const server = listFiles(input.server, blobs)
  const { publication, execution, schedules, callLog } = input
  const databaseMethods = [...input.databaseMethods].sort()
  const listing = serverListing.parse({ format: 1, files: server, publication, databaseMethods, execution, schedules, callLog })
  const listingBytes = Buffer.from(canonicalJson(listing))
  const manifest = packageManifest.parse({
    format: 1,
    project: input.project,
    kit: input.kit,
    clientRange: input.clientRange,
    client: { files: client },
    server: { listing: sha256(listingBytes), files: server.length, bytes: totalBytes(server) },
  })
  const manifestBytes = Buffer.from(canonicalJson(manifest))
  return { digest: sha256(manifestBytes), manifest, manifestBytes, listing, listingBytes, blobs }
}

export const totalBytes = (files: readonly PackageFile[]): number => files.reduce((sum, { bytes }) => sum + bytes, 0)

/** By code unit, not by locale: the order of a listing is part of the digest. */
const byPath = (one: PackageFile, other: PackageFile): number => (one.path < other.path ? -1 : 1)

const listFiles = (files: HalfFiles, blobs: Map<string, Uint8Array>): PackageFile[] =>
  [...files]
    .map(([path, content]) => {
      const digest = sha256(content)
      blobs.set(digest, content)
      return { path, sha256: digest, bytes: content.byteLength }
    })
    .sort(byPath)
