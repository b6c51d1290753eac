import { scryptSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createSecretHasher } from './secret-hasher.ts'

const hasher = createSecretHasher()

describe('A5 digests of bearer secrets', () => {
  test('A5 a digest is the SHA-256 in lower-case hexadecimal', () => {
    expect(hasher.digest('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
    expect(hasher.digest('é')).toBe('4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c')
  })
})

describe('A7 passwords', () => {
  const cheap = createSecretHasher({ ln: 10, r: 8, p: 1 })

  test('A7 a password is kept as scrypt at N=2^15, r=8, p=3 with 16 bytes of salt, and with its parameters', { timeout: 60_000 }, async () => {
    const kept = await hasher.hashPassword('correct horse')
    expect(kept).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
    const [, , , salt = '', hash = ''] = kept.split('$')
    const expected = scryptSync('correct horse', Buffer.from(salt, 'base64'), 32, { N: 32_768, r: 8, p: 3, maxmem: 2 ** 26 })
    expect(Buffer.from(hash, 'base64')).toEqual(expected)
    expect(await hasher.verifyPassword('correct horse', kept)).toBe(true)
  })

  test('A7 one password is never kept in the same form twice', async () => {
    expect(await cheap.hashPassword('same')).not.toBe(await cheap.hashPassword('same'))
  })

  test('A7 the right password is recognised and no other', async () => {
    const kept = await cheap.hashPassword('Grüße, 日本')
    expect(await cheap.verifyPassword('Grüße, 日本', kept)).toBe(true)
    for (const wrong of ['', 'grüße, 日本', 'Grüße, 日本 ', 'Grüße, 日']) expect(await cheap.verifyPassword(wrong, kept)).toBe(false)
  })

  test('A7 a password counts the same however its accents are encoded', async () => {
    const kept = await cheap.hashPassword('caf\u00e9')
    expect(await cheap.verifyPassword('cafe\u0301', kept)).toBe(true)
    expect(await cheap.verifyPassword('cafe', kept)).toBe(false)
  })

  test('A7 nobody, a form from elsewhere, and one that costs nothing or more than ours never match', async () => {
    const rest = `${'A'.repeat(22)}$${'A'.repeat(43)}`
    const odd = [null, '', 'secret', '$2b$10$abc', `$scrypt$ln=31,r=8,p=3$${rest}`, `$scrypt$ln=15,r=8,p=99$${rest}`, `$scrypt$ln=0,r=0,p=0$${rest}`]
    for (const kept of odd) expect(await cheap.verifyPassword('secret', kept)).toBe(false)
  })

  test('A7 a form that was kept at a lower cost is still recognised', { timeout: 60_000 }, async () => {
    const kept = await cheap.hashPassword('old')
    expect(await hasher.verifyPassword('old', kept)).toBe(true)
    expect(await hasher.verifyPassword('new', kept)).toBe(false)
  })

  test('A7 a wrong password and a user who does not exist take the same work', { timeout: 60_000 }, async () => {
    const kept = await hasher.hashPassword('right')
    const measure = async (hash: string | null): Promise<number> => {
      const before = process.cpuUsage()
      expect(await hasher.verifyPassword('wrong', hash)).toBe(false)
      return process.cpuUsage(before).user
    }
    const ratio = (await measure(null)) / (await measure(kept))
    expect(ratio).toBeGreaterThan(0.5)
    expect(ratio).toBeLessThan(2)
  })

  test('A7 no more than two are worked on at once, in order of arrival', { timeout: 60_000 }, async () => {
    const large = createSecretHasher({ ln: 15, r: 8, p: 1 })
    const order: number[] = []
    const before = process.memoryUsage.rss()
    let most = before
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage.rss())
    }, 3)
    await Promise.all(Array.from({ length: 8 }, (_, index) => large.verifyPassword('x', null).then(() => order.push(index))))
    clearInterval(watch)
    // Who came third starts as the third, and who came last starts when at most one other is still at work.
    expect(order.indexOf(2)).toBeLessThan(order.indexOf(7))
    // 32 MiB each.
    expect(most - before).toBeGreaterThan(20 * 2 ** 20)
    expect(most - before).toBeLessThan(90 * 2 ** 20)
  })
})
