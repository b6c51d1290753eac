import { describe, expect, test } from 'vitest'
import { RecordingLogger } from '../testing/index.ts'
import { MemoryEventBus } from './memory-event-bus.ts'

const bus = () => {
  const logger = new RecordingLogger()
  return { logger, bus: new MemoryEventBus(logger) }
}
const changed = (what: string) => ({ name: 'directory.changed', what }) as const

describe('event bus', () => {
  test('E1 every listener hears all events in one order, those that a listener causes included', () => {
    const { bus: events } = bus()
    const heard: Record<string, string[]> = { first: [], named: [], last: [] }
    events.onAny((event) => {
      if (event.name !== 'directory.changed') return
      heard['first']?.push(event.what)
      if (event.what === 'a') {
        events.emit(changed('caused by a'))
        events.emit(changed('caused too'))
      }
    })
    events.on('directory.changed', ({ what }) => heard['named']?.push(what))
    events.onAny((event) => heard['last']?.push(event.name === 'directory.changed' ? event.what : ''))
    events.emit(changed('a'))
    events.emit(changed('b'))
    const order = ['a', 'caused by a', 'caused too', 'b']
    expect(heard).toEqual({ first: order, named: order, last: order })
  })

  test('E1 who begins to listen while an event is told hears the next one, and who left hears none', () => {
    const { bus: events } = bus()
    const heard: string[] = []
    const leave = events.on('directory.changed', ({ what }) => {
      heard.push(`first ${what}`)
      if (heard.length === 1) events.on('directory.changed', (event) => heard.push(`second ${event.what}`))
    })
    events.emit(changed('a'))
    events.emit(changed('b'))
    leave()
    leave()
    events.emit(changed('c'))
    expect(heard).toEqual(['first a', 'first b', 'second b', 'second c'])
  })

  test('E1 who leaves while an event is told does not hear it any more', () => {
    const { bus: events } = bus()
    const heard: string[] = []
    const leaving: (() => void)[] = []
    events.on('directory.changed', () => {
      for (const leave of leaving) leave()
    })
    leaving.push(events.on('directory.changed', ({ what }) => heard.push(`named ${what}`)))
    leaving.push(events.onAny(() => heard.push('any')))
    events.emit(changed('a'))
    expect(heard).toEqual([])
  })

  test('E1 one function that listens twice is told twice and leaves once; `hears` follows', () => {
    const { bus: events } = bus()
    let heard = 0
    const listener = (): void => {
      heard += 1
    }
    expect(events.hears('directory.changed')).toBe(false)
    const [one, two] = [events.on('directory.changed', listener), events.on('directory.changed', listener)]
    events.emit(changed('a'))
    one()
    events.emit(changed('b'))
    expect([heard, events.hears('directory.changed'), events.hears('catalog.changed')]).toEqual([3, true, false])
    two()
    const any = events.onAny(listener)
    expect([events.hears('directory.changed'), events.hears('catalog.changed')]).toEqual([true, true])
    any()
    expect(events.hears('directory.changed')).toBe(false)
  })

  test('E2 a listener that fails is logged and harms no other', () => {
    const { bus: events, logger } = bus()
    const heard: string[] = []
    events.on('directory.changed', () => {
      throw new Error('oops')
    })
    events.on('directory.changed', ({ what }) => heard.push(what))
    events.emit(changed('a'))
    events.emit(changed('b'))
    expect(heard).toEqual(['a', 'b'])
    expect(logger.entries).toMatchObject([{ level: 'error', fields: { event: 'directory.changed', detail: expect.stringContaining('oops') } }, {}])
  })
})
