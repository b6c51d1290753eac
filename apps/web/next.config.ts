import type { NextConfig } from 'next'
import { PHASE_DEVELOPMENT_SERVER } from 'next/constants.js'

const backend = process.env['TESSERA_BACKEND'] ?? 'http://localhost:19813'

const shared: NextConfig = {
  basePath: '/console',
  trailingSlash: true,
  images: { unoptimized: true },
  reactStrictMode: true,
  // `typecheck` reads the same files with the same compiler: once is enough.
  typescript: { ignoreBuildErrors: true },
}

/** A static export that the Tessera server serves; while developing, a dev server that sends the API on to it. */
const config = (phase: string): NextConfig =>
  phase === PHASE_DEVELOPMENT_SERVER
    ? {
        ...shared,
        skipTrailingSlashRedirect: true,
        rewrites: async () => [
          { source: '/trpc/:path*', destination: `${backend}/trpc/:path*`, basePath: false },
          { source: '/live', destination: `${backend}/live`, basePath: false },
        ],
      }
    : { ...shared, output: 'export' }

export default config
