import { connect } from '@tessera/client'

/**
 * A client program that goes on whatever happens to the server: sessions that change their storage and open and close
 * processes, and say on standard output, one line of JSON each, what they ask for and what they were told.
 * `node endless-writer.mjs ADDRESS NAME SESSIONS`. SIGUSR2: it asks for nothing more and says `done`; SIGTERM: it says goodbye.
 */
const [address = '', name = '', sessions = '3'] = process.argv.slice(2)
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`)
let stopping = false
process.on('SIGUSR2', () => {
  stopping = true
})

/** Whether it was acknowledged: what is refused, or lost with the server, is not. */
const acknowledged = (work) =>
  work.then(
    () => true,
    () => false,
  )

const write = async (remote) => {
  for (let key = 1; !stopping; key += 1) {
    say({ asked: remote.sessionId, key })
    if (await acknowledged(remote.call('keep', `k${key}`))) say({ kept: remote.sessionId, key })
  }
}

const openAndClose = async (remote) => {
  for (let number = 1; !stopping; number += 1) {
    const opened = await remote.process(`${name}-${number}`).catch(() => null)
    if (opened === null) continue
    say({ opened: `${remote.sessionId} ${name}-${number}` })
    await acknowledged(opened.call('keep', `p${number}`))
    await acknowledged(opened.close())
  }
}

const live = async (index) => {
  const remote = await connect({ address, machineName: `${name} ${index}`, waitMs: 60_000 })
  say({ connected: remote.sessionId })
  remote.on('closed', ({ code, reason }) => say({ closed: remote.sessionId, code, reason }))
  remote.on('resumed', ({ restarted }) => say({ resumed: remote.sessionId, restarted }))
  await Promise.all([write(remote), openAndClose(remote)])
  return remote
}

const remotes = await Promise.all(Array.from({ length: Number(sessions) }, (_, index) => live(index)))
process.on('SIGTERM', async () => {
  await Promise.all(remotes.map((remote) => remote.close()))
  process.exit(0)
})
say({ done: remotes.length })
