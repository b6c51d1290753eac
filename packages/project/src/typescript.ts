import { createRequire } from 'node:module'
import type ts from 'typescript'

/** Not an import: Node would read its nine megabytes once more for the names that they export, which takes twice as long as loading them. */
export const compiler = createRequire(import.meta.url)('typescript') as typeof ts
