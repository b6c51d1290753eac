// Connects many SDK clients from one process. Usage: node crowd.mjs URL COUNT PREFIX
// Says `connected N in MS ms` on stdout, then holds them until it is told to end.
import { connect } from '@tessera/client'

const [address = '', countText = '', prefix = 'crowd'] = process.argv.slice(2)
const count = Number(countText)
const atOnce = 25

const remotes = []
let next = 0
const connectOneByOne = async () => {
  while (next < count) {
    const index = next++
    const machineName = `${prefix}-${String(index).padStart(4, '0')}`
    const remote = await connect({ address, machineName, client: 'crowd', waitMs: 60_000 })
    remote.on('closed', () => undefined)
    remotes.push(remote)
  }
}

const from = performance.now()
await Promise.all(Array.from({ length: atOnce }, connectOneByOne))
process.stdout.write(`connected ${remotes.length} in ${Math.round(performance.now() - from)} ms\n`)

process.once('SIGTERM', async () => {
  await Promise.all(remotes.map((remote) => remote.close()))
  process.exit(0)
})
