import { asCallId, asProcessId } from '@tessera/core'
import { TesseraError } from '@tessera/protocol'
import { describe, expect, test } from 'vitest'
import { gated } from './gated-link.ts'
import type { IsolateLink, LinkEvents } from './isolate-link.ts'
import type { Down, RunMessage, Up } from './messages.ts'
import { StartGate } from './start-gate.ts'

const run: RunMessage = {
  type: 'run',
  call: asCallId('c1'),
  process: asProcessId('p1'),
  target: { kind: 'method', name: 'm' },
  onServerOnly: true,
  args: '[]',
  resultBytes: 1000,
}
const open = (id: string): Down => ({ type: 'open', id, directory: '/nowhere' })

/** Links behind a gate, and what becomes of them. */
class Gated {
  readonly begun: { received: Down[]; events: LinkEvents }[] = []
  readonly said: Up[] = []
  readonly ended: string[] = []
  readonly gate: StartGate
  broken = false
  refused: Down['type'] | null = null

  constructor(most: number) {
    this.gate = new StartGate(most)
  }

  link(): IsolateLink {
    const startLink = (events: LinkEvents): IsolateLink => {
      if (this.broken) throw new Error('no process left')
      const received: Down[] = []
      this.begun.push({ received, events })
      const send = (message: Down): void => {
        if (message.type === this.refused) throw new TesseraError('PAYLOAD_TOO_LARGE', 'too large')
        received.push(message)
      }
      return {
        pid: this.begun.length,
        send,
        begun: () => null,
        kill: (why) => events.onEnded(why, true),
        stop: () => Promise.resolve(events.onEnded('stopped', true)),
      }
    }
    return gated(this.gate, startLink)({ onMessage: (message) => this.said.push(message), onWatch: () => {}, onEnded: (why) => this.ended.push(why) })
  }

  ready(at: number): void {
    this.begun[at]?.events.onMessage({ type: 'ready', methods: [], database: [] })
  }
}

describe('the gate of isolates that start', () => {
  test('X44 a few start at a time, the others in the order in which they came, with all that they were sent', async () => {
    const room = new Gated(2)
    const links = ['a', 'b', 'c', 'd'].map((id) => {
      const link = room.link()
      link.send(open(id))
      link.send(run)
      return link
    })
    expect([room.begun.length, room.gate.waiting, links.map(({ pid }) => pid)]).toEqual([2, 2, [1, 2, null, null]])
    room.ready(1)
    await links[2]?.started
    expect([room.begun.length, room.gate.waiting, links[2]?.pid]).toEqual([3, 1, 3])
    expect(room.begun[2]?.received).toEqual([open('c'), run])
    room.ready(1)
    expect(room.begun).toHaveLength(3)
  })

  test('X44 one that is rejected or dies as it starts makes room, once', () => {
    const room = new Gated(1)
    for (let n = 0; n < 4; n++) room.link()
    room.begun[0]?.events.onMessage({ type: 'rejected', error: { code: 'VERSION_REJECTED', message: '' } })
    room.begun[0]?.events.onEnded('killed', true)
    expect(room.begun).toHaveLength(2)
    room.begun[1]?.events.onEnded('died', true)
    expect([room.begun.length, room.ended]).toEqual([3, ['killed', 'died']])
  })

  test('X44 one that is given up before its turn never starts, and is told of once', async () => {
    const room = new Gated(1)
    const [first, second, third] = [room.link(), room.link(), room.link()]
    await second.stop()
    third.kill('too late')
    third.kill('again')
    await first.stop()
    expect([room.begun.length, room.ended]).toEqual([1, ['stopped', 'too late', 'stopped']])
  })

  test('X44 one that the system refuses to start is told of, and makes room', async () => {
    const room = new Gated(1)
    room.broken = true
    const link = room.link()
    link.send(run)
    await link.stop()
    expect(room.ended).toEqual(['could not be started: no process left'])
    room.broken = false
    room.link()
    expect(room.begun).toHaveLength(1)
  })

  test('X44 what turns out too large when its isolate starts fails alone; where the isolate needs it, it ends', async () => {
    const room = new Gated(1)
    room.link()
    const second = room.link()
    second.send(open('b'))
    second.send(run)
    room.refused = 'run'
    room.ready(0)
    await Promise.resolve()
    expect(room.said.at(-1)).toMatchObject({ type: 'failed', call: run.call, error: { code: 'PAYLOAD_TOO_LARGE' } })
    expect(room.ended).toEqual([])
    const third = room.link()
    third.send(open('c'))
    room.refused = 'open'
    room.ready(1)
    expect(room.ended).toEqual(['too large'])
  })
})
