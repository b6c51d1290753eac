import { BrandMark } from '../display/brand.tsx'

/** What stands for the moment before the page; it has no words, since the language is not known yet. */
export const Splash = () => (
  <main className="splash" aria-busy="true">
    <BrandMark size={40} />
  </main>
)
