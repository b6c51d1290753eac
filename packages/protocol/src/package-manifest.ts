import { z } from 'zod'

/** Lower-case hexadecimal SHA-256. */
export const sha256Text = z.string().regex(/^[0-9a-f]{64}$/)

export const packageFile = z.object({
  /** Forward slashes, relative, no `..`, no leading slash. */
  path: z
    .string()
    .min(1)
    .max(500)
    .regex(/^(?!\/)(?!.*(?:^|\/)\.\.?(?:\/|$))[^\\\0]+$/),
  sha256: sha256Text,
  bytes: z.number().int().min(0),
})
export type PackageFile = z.infer<typeof packageFile>

/**
 * What a package holds. The package's digest is the SHA-256 of this manifest in canonical JSON, and the manifest names
 * each file of the client half by its SHA-256 and the server half by the SHA-256 of its own listing: so the digest
 * vouches for every byte, and a client needs no byte of the server half to check its own.
 */
export const packageManifest = z.object({
  format: z.literal(1),
  project: z.string().min(1).max(200),
  /** Version of the kit the project was compiled against. */
  kit: z.string(),
  clientRange: z.object({ min: z.number().int(), max: z.number().int() }),
  client: z.object({ files: z.array(packageFile).max(50_000) }),
  /** The server half's listing is a file of the archive with this digest; it never leaves the server. */
  server: z.object({ listing: sha256Text, files: z.number().int().min(0), bytes: z.number().int().min(0) }),
})
export type PackageManifest = z.infer<typeof packageManifest>
