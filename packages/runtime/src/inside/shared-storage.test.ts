import { TesseraError } from '@tessera/protocol'
import { describe, expect, test } from 'vitest'
import { ModelStorage } from '../../test/model-storage.ts'

const codeOf = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'nothing',
    (error: unknown) => (error instanceof TesseraError ? error.code : error),
  )

describe('shared storage', () => {
  test('T2 a recipe runs again on the fresh document after a loss', async () => {
    const model = new ModelStorage()
    const { storage } = model.addReplica()
    const seen: unknown[] = []
    const used = storage.use((draft) => {
      seen.push(draft['n'] ?? 0)
      draft['n'] = (draft['n'] ?? 0) + 1
    })
    // The push of this is on its way when the commit arrives.
    model.document.write([['n', '41']])
    await used
    expect(seen).toEqual([0, 41])
    expect(storage.get('n')).toBe(42)
  })

  test('T2 slots that the recipe did not touch may change meanwhile', async () => {
    const model = new ModelStorage()
    const { storage } = model.addReplica()
    const used = storage.use((draft) => {
      draft['mine'] = 1
    })
    model.document.write([['theirs', '2']])
    await used
    expect(model.commits).toHaveLength(1)
    expect(storage.all()).toEqual({ mine: 1, theirs: 2 })
  })

  test('T2 reading a slot counts as touching it, and so does enumerating', async () => {
    const model = new ModelStorage()
    model.document.write([['a', '1']])
    model.document.write([['b', '2']])
    const { storage } = model.addReplica()
    await storage.use((draft) => {
      draft['sum'] = draft['a'] + ('missing' in draft ? 1 : 0)
    })
    await storage.use((draft) => {
      draft['count'] = Object.keys(draft).length
    })
    expect(model.commits.map(({ touched }) => [...touched].sort())).toEqual([
      ['a', 'missing', 'sum'],
      ['a', 'b', 'count', 'sum'],
    ])
    expect(storage.get('count')).toBe(3)
  })

  test('T2 only slots that differ are sent, and a recipe that changes nothing sends nothing', async () => {
    const model = new ModelStorage()
    model.document.write([['a', '{ "x": [1] }']])
    model.document.write([['day', '{"$date":"2026-01-01T00:00:00.000Z"}']])
    const { storage } = model.addReplica()
    await storage.use((draft) => void [draft['a'].x[0], draft['day'], draft['none']])
    await storage.use((draft) => {
      delete draft['none']
    })
    expect(model.commits).toEqual([])
    await storage.use((draft) => {
      draft['b'] = draft['a']
      draft['a'].x.push(2)
    })
    expect(model.commits[0]?.changes).toEqual([
      ['a', '{"x":[1,2]}'],
      ['b', '{"x":[1,2]}'],
    ])
  })

  test('T2 a slot is removed by delete and by undefined', async () => {
    const model = new ModelStorage()
    model.document.write([['a', '1']])
    model.document.write([['b', '2']])
    const { storage } = model.addReplica()
    await storage.use((draft) => {
      delete draft['a']
      draft['b'] = undefined
    })
    expect(storage.all()).toEqual({})
  })

  test('T2 dates and bytes may be changed in place', async () => {
    const model = new ModelStorage()
    const { storage } = model.addReplica()
    await storage.use((draft) => {
      draft['x'] = { at: new Date(0), bytes: new Uint8Array([1]) }
    })
    await storage.use((draft) => {
      draft['x'].at.setTime(5)
      draft['x'].bytes[0] = 9
    })
    expect(storage.get('x')).toEqual({ at: new Date(5), bytes: new Uint8Array([9]) })
  })

  test('T3 after three losses the recipe waits for its turn', async () => {
    const model = new ModelStorage()
    const { storage } = model.addReplica()
    const used = storage.use((draft) => {
      if (draft['n'] === undefined || draft['n'] < 3) model.document.write([['n', String((draft['n'] ?? 0) + 1)]])
      draft['n'] = -1
    })
    await used
    expect(model.commits.map(({ turn }) => turn)).toEqual([undefined, undefined, undefined, 1])
    expect(storage.get('n')).toBe(-1)
  })

  test('T3 turns come in the order in which they were asked for', async () => {
    const model = new ModelStorage()
    await Promise.all(
      [1, 2, 3].map((who) => {
        let runs = 0
        return model.addReplica().storage.use((draft) => {
          if (++runs <= 3) model.document.write([['order', '[]']])
          draft['order'] = [...(draft['order'] ?? []), who]
        })
      }),
    )
    expect(model.commits.filter(({ turn }) => turn !== undefined).map(({ turn }) => turn)).toEqual([1, 2, 3])
    expect(model.addReplica().storage.get('order')).toEqual([1, 2, 3])
  })

  test('T3 five turns that lose all the same end as STORAGE_CONTENTION', async () => {
    const model = new ModelStorage()
    const { storage } = model.addReplica()
    const used = storage.use((draft) => {
      model.document.write([['n', String((draft['n'] ?? 0) + 1)]])
      draft['n'] = -1
    })
    expect(await codeOf(used)).toBe('STORAGE_CONTENTION')
    expect(model.commits).toHaveLength(8)
  })

  test('T3 a turn is given back by a recipe that throws or changes nothing in it', async () => {
    const model = new ModelStorage()
    const { storage } = model.addReplica()
    let runs = 0
    const recipe = (inTurn: () => void) => (draft: Record<string, unknown>) => {
      if (++runs % 4 === 0) return inTurn()
      model.document.write([['n', String(runs)]])
      draft['n'] = -1
    }
    expect(await codeOf(storage.use(recipe(() => {})))).toBe('nothing')
    const failure = new Error('no')
    const failing = recipe(() => {
      throw failure
    })
    expect(await codeOf(storage.use(failing))).toBe(failure)
    expect(model.commits.filter(({ turn }) => turn !== undefined)).toMatchObject([
      { turn: 1, changes: [] },
      { turn: 2, changes: [] },
    ])
  })

  test('T4 what a recipe throws is the error, and nothing is changed', async () => {
    const model = new ModelStorage()
    const { storage } = model.addReplica()
    const failure = new RangeError('no')
    const used = storage.use((draft) => {
      draft['a'] = 1
      throw failure
    })
    expect(await codeOf(used)).toBe(failure)
    expect(model.commits).toEqual([])
    expect(storage.all()).toEqual({})
  })

  test('T4 asynchronous recipes are refused', async () => {
    const model = new ModelStorage()
    const { storage } = model.addReplica()
    const used = storage.use(async (draft) => {
      draft['a'] = 1
      await null
      draft['b'] = 2
      throw new Error('nobody listens')
    })
    expect(await codeOf(used)).toBe('STORAGE_RECIPE_ASYNC')
    expect(model.commits).toEqual([])
  })

  test('T4 a use inside a recipe ends the outer one', async () => {
    const model = new ModelStorage()
    const { storage } = model.addReplica()
    const used = storage.use((draft) => {
      draft['a'] = 1
      void storage.use(() => {})
    })
    expect(await codeOf(used)).toBe('STORAGE_USE_NESTED')
    expect(model.commits).toEqual([])
    await storage.use((draft) => {
      draft['a'] = 2
    })
    expect(storage.get('a')).toBe(2)
  })

  test('T4 values that cannot be kept are named by their path', async () => {
    const model = new ModelStorage()
    const { storage } = model.addReplica()
    class Order {
      id = 1
    }
    for (const [value, path] of [
      [{ list: [1, () => 1] }, 'cart.list[1] is a function'],
      [new Order(), 'cart is an instance of Order'],
      [Number.NaN, 'cart is the number NaN'],
    ] as const) {
      const used = storage.use((draft) => {
        draft['cart'] = value
      })
      await expect(used).rejects.toMatchObject({ code: 'NOT_STORABLE', message: expect.stringContaining(path) })
    }
    const cycle: Record<string, unknown> = {}
    cycle['self'] = { cycle }
    const used = storage.use((draft) => {
      draft['cart'] = cycle
    })
    expect(await codeOf(used)).toBe('NOT_STORABLE')
    expect(model.commits).toEqual([])
  })

  test('T4 slots have names of 1 to 256 characters', async () => {
    const { storage } = new ModelStorage().addReplica()
    for (const key of ['', 'x'.repeat(257), Symbol('x')]) {
      const used = storage.use((draft) => {
        Reflect.set(draft, key, 1)
      })
      expect(await codeOf(used)).toBe('STORAGE_KEY_INVALID')
    }
    await storage.use((draft) => {
      draft['x'.repeat(256)] = 1
    })
  })

  test('T4 names that mean something to the language are data like any other', async () => {
    const model = new ModelStorage()
    const { storage } = model.addReplica()
    const hostile: unknown = JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}')
    await storage.use((draft) => {
      Reflect.set(draft, '__proto__', { polluted: 1 })
      draft['constructor'] = 2
      draft['hostile'] = hostile
    })
    await storage.use((draft) => {
      Reflect.set(draft['hostile'], '__proto__', { polluted: 2 })
      draft['hostile'].more = 1
    })
    expect(Reflect.get({}, 'polluted')).toBe(undefined)
    expect(Object.keys(storage.all()).sort()).toEqual(['__proto__', 'constructor', 'hostile'])
    expect(storage.get('__proto__')).toEqual({ polluted: 1 })
    expect(storage.get('constructor')).toBe(2)
    expect(storage.get('toString')).toBe(undefined)
  })

  test('T4 a draft that outlives its recipe has no effect', async () => {
    const model = new ModelStorage()
    model.document.write([['a', '{"n":1}']])
    const { storage } = model.addReplica()
    let kept: Record<string, { n: number }> = {}
    await storage.use((draft) => {
      kept = draft
      draft['a'].n = 2
    })
    expect(() => {
      const a = kept['a']
      if (a !== undefined) a.n = 3
    }).toThrow()
    expect(storage.get('a')).toEqual({ n: 2 })
  })

  test('T4 what was assigned stays the project’s own', async () => {
    const { storage } = new ModelStorage().addReplica()
    const mine = { n: 1 }
    await storage.use((draft) => {
      draft['a'] = mine
    })
    mine.n = 2
    expect(storage.get('a')).toEqual({ n: 1 })
  })

  test('T5 what is read is frozen all the way down and the same until it changes', async () => {
    const model = new ModelStorage()
    model.document.write([['a', '{"deep":[{"n":1}]}']])
    const { storage } = model.addReplica()
    const read = storage.get('a') as { deep: { n: number }[] }
    expect(() => {
      const first = read.deep[0]
      if (first !== undefined) first.n = 2
    }).toThrow(TypeError)
    expect(() => Object.assign(storage.all(), { b: 1 })).toThrow(TypeError)
    expect(storage.get('a')).toBe(read)
    expect(storage.all()['a']).toBe(read)
    expect(storage.all()).toBe(storage.all())
    await storage.use((draft) => {
      draft['a'].deep[0].n = 3
    })
    expect(read.deep[0]?.n).toBe(1)
    expect(storage.get('a')).toEqual({ deep: [{ n: 3 }] })
  })

  test('T5 a date that a reader changes stays as it was for everyone else', () => {
    const model = new ModelStorage()
    model.document.write([['day', '{"at":{"$date":"2026-01-01T00:00:00.000Z"}}']])
    const { storage } = model.addReplica()
    const read = storage.get('day') as { at: Date }
    read.at.setTime(0)
    expect(storage.get('day')).toEqual({ at: new Date('2026-01-01T00:00:00.000Z') })
    expect(storage.all()['day']).toEqual({ at: new Date('2026-01-01T00:00:00.000Z') })
  })

  test('T6 watchers hear of each change once, whoever made it', async () => {
    const model = new ModelStorage()
    const { storage } = model.addReplica()
    const other = model.addReplica().storage
    const heard: unknown[] = []
    const stop = storage.watch('a', (value) => heard.push(value))
    await storage.use((draft) => {
      draft['a'] = { n: 1 }
    })
    await other.use((draft) => {
      draft['b'] = 1
      draft['a'] = { n: 2 }
    })
    await Promise.resolve()
    await other.use((draft) => {
      delete draft['a']
    })
    await new Promise((resolve) => setTimeout(resolve))
    expect(heard).toEqual([{ n: 1 }, { n: 2 }, undefined])
    stop()
    stop()
    model.write('a', '5')
    await new Promise((resolve) => setTimeout(resolve))
    expect(storage.get('a')).toBe(5)
    expect(heard).toHaveLength(3)
  })
})
