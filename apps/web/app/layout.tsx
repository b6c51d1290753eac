import type { Metadata, Viewport } from 'next'
import type { ReactNode } from 'react'
import { firstPaintScript } from '../src/shell/preferences.ts'
import { Providers } from '../src/shell/providers.tsx'
import './globals.css'

export const metadata: Metadata = { title: 'Tessera', robots: { index: false, follow: false } }
export const viewport: Viewport = { width: 'device-width', initialScale: 1, colorScheme: 'light dark' }

const RootLayout = ({ children }: { children: ReactNode }) => (
  <html lang="en" suppressHydrationWarning>
    <head>
      {/* biome-ignore lint/security/noDangerouslySetInnerHtml: a constant of ours, listed by its hash in the content security policy */}
      <script dangerouslySetInnerHTML={{ __html: firstPaintScript }} />
    </head>
    <body>
      <Providers>{children}</Providers>
    </body>
  </html>
)

export default RootLayout
