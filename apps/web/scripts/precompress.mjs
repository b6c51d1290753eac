// After `next build`: lists the inline scripts for the content security policy, compresses what the server will serve, and
// prints what the first view costs.
import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const out = fileURLToPath(new URL('../out', import.meta.url))
const compressible = /\.(?:html|js|mjs|css|svg|txt|json|map|webmanifest)$/
const budgetBytes = 300 * 1024
const firstView = 'sessions/index.html'

const filesIn = async (folder) => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

/** Inline scripts that run: those with a `src` and those that hold data need no hash. */
const inlineScripts = (html) =>
  [...html.matchAll(/<script([^>]*)>([\s\S]*?)<\/script>/g)]
    .filter(([, attributes]) => !/\ssrc=/.test(attributes) && !/type="(?:application\/(?:ld\+)?json)"/.test(attributes))
    .map(([, , body]) => body)

const hashOf = (script) => `sha256-${createHash('sha256').update(script, 'utf8').digest('base64')}`

const writePolicy = async (files) => {
  const pages = await Promise.all(files.filter((file) => file.endsWith('.html')).map((file) => readFile(file, 'utf8')))
  const handlers = pages.filter((html) => /<[^>]+\son[a-z]+="/i.test(html))
  if (handlers.length > 0) throw new Error('An exported page holds an inline event handler, which the content security policy forbids.')
  const scripts = [...new Set(pages.flatMap(inlineScripts).map(hashOf))].sort()
  await writeFile(join(out, 'csp.json'), `${JSON.stringify({ scripts }, null, 2)}\n`)
  return scripts.length
}

const compress = async (file) => {
  const bytes = await readFile(file)
  if (bytes.length < 512) return
  const text = {
    params: {
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  }
  const [gz, br] = await Promise.all([promisify(gzip)(bytes, { level: 9 }), promisify(brotliCompress)(bytes, text)])
  await Promise.all([writeFile(`${file}.gz`, gz), writeFile(`${file}.br`, br)])
}

/** Gzip size of every script that the first page names. */
const firstViewBytes = async () => {
  const html = await readFile(join(out, firstView), 'utf8')
  const names = new Set(
    [...html.matchAll(/<script[^>]*\ssrc="\/console\/([^"?]+\.js)[^"]*"([^>]*)>/g)].filter(([, , rest]) => !/nomodule/i.test(rest)).map(([, name]) => name),
  )
  const sizes = await Promise.all([...names].map(async (name) => (await promisify(gzip)(await readFile(join(out, name)), { level: 9 })).length))
  return sizes.reduce((sum, size) => sum + size, 0)
}

const files = (await filesIn(out)).filter((file) => !/\.(?:br|gz)$/.test(file) && relative(out, file) !== 'csp.json')
const hashes = await writePolicy(files)
for (const file of files.filter((one) => compressible.test(one))) await compress(file)
const bytes = await firstViewBytes()
process.stdout.write(
  `console: ${files.length} files, ${hashes} inline scripts, first view ${(bytes / 1024).toFixed(0)} KB of JavaScript (gzip), budget ${budgetBytes / 1024} KB\n`,
)
if (bytes > budgetBytes) {
  process.stderr.write('console: the first view is over its budget\n')
  process.exitCode = 1
}
