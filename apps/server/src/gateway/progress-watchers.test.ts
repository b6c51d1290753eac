import { EventEmitter } from 'node:events'
import { asProcessId } from '@tessera/core'
import { MemoryEventBus } from '@tessera/core/memory'
import { RecordingLogger } from '@tessera/core/testing'
import { expect, test } from 'vitest'
import { ProgressWatchers } from './progress-watchers.ts'
import type { RemoteSocket } from './remote-socket.ts'

test('K25 a connection is asked once to say when it is gone, however many procedures it watches, and hears nothing after that', () => {
  const bus = new MemoryEventBus(new RecordingLogger())
  const watchers = new ProgressWatchers(bus)
  const socket = Object.assign(new EventEmitter(), { connected: true })
  const heard: string[] = []
  socket.on('progress', ({ processId }: { processId: string }) => heard.push(processId))
  const progressed = (id: string) => bus.emit({ name: 'procedure.progressed', processId: asProcessId(id), fraction: 0.5, text: '' })
  for (let n = 0; n < 20; n++) {
    watchers.add(`p${n}`, socket as unknown as RemoteSocket)
    progressed(`p${n}`)
    if (n < 10) bus.emit({ name: 'procedure.ended', processId: asProcessId(`p${n}`), ok: true, value: null })
  }
  expect(heard.length).toBe(20)
  expect(socket.listenerCount('disconnect')).toBe(1)
  socket.emit('disconnect')
  for (let n = 0; n < 20; n++) progressed(`p${n}`)
  expect([heard.length, socket.listenerCount('disconnect')]).toEqual([20, 0])
})
