// Measures the Sessions page with many clients connected. Usage: node e2e/many-clients.mjs [COUNT]
// Starts a server of its own, connects COUNT (2,000) SDK clients from two processes, and prints a table.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from '@playwright/test'
import { launchOptions } from './browser.mjs'
import { keystrokeToPaint, scrollList } from './src/paint.mjs'

const count = Number(process.argv[2] ?? 2000)
if (!Number.isInteger(count) || count < 20) {
  process.stderr.write('usage: node e2e/many-clients.mjs [COUNT], 20 at least\n')
  process.exit(2)
}

const launcher = fileURLToPath(new URL('../bin/tessera', import.meta.url))
const crowd = fileURLToPath(new URL('./src/crowd.mjs', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'tessera-many-'))
const env = { ...process.env, TESSERA_HOME: join(folder, 'home'), TESSERA_DATA_DIR: join(folder, 'data') }
const children = []

const start = (args) => {
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  return child
}

/** The match of what the child says. */
const hears = (child, pattern) =>
  new Promise((resolve, reject) => {
    let said = ''
    child.stdout.on('data', (piece) => {
      said += piece
      const match = pattern.exec(said)
      if (match !== null) resolve(match)
    })
    child.once('exit', (code) => reject(new Error(`${child.spawnargs[1]} ended with ${code}: ${said}`)))
  })

/** Seconds of processor that the process has used, and its resident megabytes. */
const usage = (pid) => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
  const megabytes = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024
  return { seconds: (Number(fields[11]) + Number(fields[12])) / 100, megabytes }
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const figures = []
const note = (what, figure) => figures.push({ what, figure })
const ms = (value) => `${Math.round(value).toLocaleString('en')} ms`
const middle = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]

const connectAll = async (url, server) => {
  const before = usage(server.pid)
  const from = performance.now()
  const halves = [Math.ceil(count / 2), Math.floor(count / 2)]
  await Promise.all(halves.map((half, index) => hears(start([crowd, url, String(half), `till-${index}`]), /^connected /m)))
  const took = performance.now() - from
  note('to connect', `${ms(took)}, ${Math.round((count * 1000) / took)} clients/s`)
  note('server, processor while they connect', `${(usage(server.pid).seconds - before.seconds).toFixed(1)} s`)
}

const measurePage = async (url, link) => {
  const browser = await chromium.launch(launchOptions)
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' })
  await page.goto(link)
  await page.getByRole('heading', { level: 1, name: /^Sessions/ }).waitFor()
  const total = `${(count + 1).toLocaleString('en')} of ${(count + 1).toLocaleString('en')}`
  await page.getByText(total).waitFor()
  const from = performance.now()
  await page.goto(`${url}/console/sessions/`)
  await page.getByText(total).waitFor()
  await page.locator('[data-index]').first().waitFor()
  note('page opened, first list shown', ms(performance.now() - from))
  await measureFilter(page)
  await page.getByRole('searchbox').fill('')
  await page.getByText(total).waitFor()
  const { framesPerSecond, longTasks } = await scrollList(page, 5000)
  note('scrolling', `${framesPerSecond.toFixed(1)} frames/s, ${longTasks} tasks over 50 ms in 5 s`)
  await browser.close()
}

/** From `till-0-000` to `till-0-0007` and back: ten sessions, then one. */
const measureFilter = async (page) => {
  const field = page.getByRole('searchbox')
  const all = (count + 1).toLocaleString('en')
  await field.fill('till-0-000')
  await page.getByText(`10 of ${all}`).waitFor()
  const delays = []
  for (const digit of '1234567') {
    delays.push(await keystrokeToPaint(page, digit, `Sessions 1 of ${all}`))
    await page.keyboard.press('Backspace')
    await page.getByText(`10 of ${all}`).waitFor()
  }
  note('filter, keystroke to paint', `median ${ms(middle(delays))}, longest ${ms(Math.max(...delays))}`)
}

/** With nothing changing. */
const measureRest = async (server, title) => {
  const before = usage(server.pid)
  await pause(5000)
  const after = usage(server.pid)
  note(`server, ${title}`, `${after.megabytes.toFixed(0)} MB, ${((after.seconds - before.seconds) * 20).toFixed(1)} % of a core`)
}

try {
  execFileSync(process.execPath, [launcher, 'new', join(folder, 'app')], { env, stdio: 'ignore' })
  const server = start([launcher, 'serve', join(folder, 'app'), '--port', '0'])
  const [, url, link] = await hears(server, /is served at (\S+)[\s\S]*?(\S+#token=\S+)\n/)
  await measureRest(server, 'nobody connected')
  await connectAll(url, server)
  await measureRest(server, `${count.toLocaleString('en')} connected, at rest`)
  await measurePage(url, link)
  await measureRest(server, 'after the page was closed')
  const width = Math.max(...figures.map(({ what }) => what.length))
  const lines = [`${count.toLocaleString('en')} clients`, ...figures.map(({ what, figure }) => `${what.padEnd(width)}  ${figure}`)]
  process.stdout.write(`${lines.join('\n')}\n`)
} finally {
  for (const child of children.reverse()) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}
