import { describe, expect, test } from 'vitest'
import { goalLineOf, goalPart } from '../lib/goals.mjs'
import { needFiles, shortageOfFiles } from '../lib/open-files.mjs'
import { parseOptions } from '../lib/options.mjs'

const known = { P1: ['tessera', 'ws', 'trpc'], P3: ['tessera', 'socket.io'], P6: ['tessera', 'sqlite'] }

describe('what a benchmark is asked for', () => {
  test('B23 an option that makes no sense is named', () => {
    expect(parseOptions([], known)).toMatchObject({ only: ['P1', 'P3', 'P6'], rounds: 5, seconds: null, sessions: 10_000, peers: null })
    expect(parseOptions(['--rounds', '2', '--peers', 'ws,trpc'], known)).toMatchObject({ rounds: 2, peers: ['ws', 'trpc'], depths: [1, 8], json: null })
    expect(() => parseOptions(['--rounds', 'many'], known)).toThrow('--rounds')
    expect(() => parseOptions(['--rounds', '1.5'], known)).toThrow('--rounds takes a whole number')
    expect(() => parseOptions(['--only', 'P2'], known)).toThrow('--only: there is no P2, but P1, P3, P6')
    expect(() => parseOptions(['--client', 'fat'], known)).toThrow('--client')
  })

  test('B23 an option of another goal is refused, and so is a peer of another', () => {
    expect(parseOptions(['--only', 'P6', '--seconds', '0.5'], known)).toMatchObject({ only: ['P6'], seconds: 0.5 })
    expect(() => parseOptions(['--only', 'P6', '--depths', '8'], known)).toThrow('--depths is for P1 alone, not for P6')
    expect(() => parseOptions(['--only', 'P6', '--sessions', '5'], known)).toThrow('--sessions is for P3, P4, P9, P10 alone')
    expect(() => parseOptions(['--only', 'P6', '--peers', 'ws'], known)).toThrow('--peers: there is no ws, but tessera, sqlite')
  })

  test('B39 the soak is run only where it is asked for, and takes no rounds', () => {
    const all = { ...known, P2: ['tessera', 'fastify'], soak: ['tessera'] }
    expect(parseOptions([], all, ['soak']).only).toEqual(['P1', 'P3', 'P6', 'P2'])
    expect(parseOptions(['--only', 'soak', '--minutes', '0.5', '--seed', '9'], all, ['soak'])).toMatchObject({ only: ['soak'], minutes: 0.5, seed: 9 })
    expect(() => parseOptions(['--only', 'soak', '--rounds', '2'], all, ['soak'])).toThrow('--rounds is for P1, P2, P3, P4, P6, P9, P10 alone, not for soak')
    expect(() => parseOptions(['--minutes', '5'], all, ['soak'])).toThrow('--minutes is for soak alone')
    expect(() => parseOptions(['--only', 'soak', '--minutes', '0'], all, ['soak'])).toThrow('--minutes takes a number from 0.1 to 1440')
  })

  test('B39 of P2 callers, their rate and the faults are chosen', () => {
    const all = { ...known, P2: ['tessera', 'fastify'] }
    expect(parseOptions(['--only', 'P2'], all)).toMatchObject({ callers: 200, rate: 5, faults: null })
    expect(parseOptions(['--only', 'P2', '--faults', 'loop,exit', '--rate', '0.5', '--callers', '20'], all)).toMatchObject({
      callers: 20,
      rate: 0.5,
      faults: ['loop', 'exit'],
    })
    expect(() => parseOptions(['--only', 'P2', '--faults', 'crash'], all)).toThrow('--faults: there is no crash, but loop, loop-later, allocate, throw, exit')
    expect(() => parseOptions(['--only', 'P2', '--callers', '0'], all)).toThrow('--callers takes a whole number from 1')
    expect(() => parseOptions(['--only', 'P1', '--faults', 'loop'], all)).toThrow('--faults is for P2 alone')
  })

  test('B28 a goal that cannot be measured says why', () => {
    const holds = (value: number): boolean => value <= 2
    const parts = [goalPart('<= 2 s', { value: 1.5, unit: ' s', holds }), goalPart('<= 2 s', { value: 3, unit: ' s', holds })]
    expect(goalLineOf('P9', parts)).toBe('goal P9: <= 2 s: 1.50 s, met; <= 2 s: 3.00 s, MISSED')
    const unknown = { ...goalPart('<= 2 s', { value: undefined, unit: ' s', holds }), why: 'sessions do not survive a restart' }
    expect(goalLineOf('P9', [unknown])).toBe('goal P9: <= 2 s, not measured: sessions do not survive a restart')
  })

  test('B28 a crowd that the system does not allow is refused before anything starts, with the limit that is in the way', () => {
    const limits =
      'Limit                     Soft Limit           Hard Limit           Units     \nMax open files            1024                 4096                 files     \n'
    expect(shortageOfFiles(10_000, limits)).toContain('take 10500 open files in one process, and 4096 are allowed')
    expect(shortageOfFiles(3000, limits)).toBeNull()
    expect(shortageOfFiles(10_000, 'Max open files            1024                 unlimited            files')).toBeNull()
    expect(() => needFiles(10)).not.toThrow()
  })
})
