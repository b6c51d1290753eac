import { createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import type { SecretHasher } from '@tessera/core'

/** 32 MiB a hash (6-security.md E1): N=2^15 r=8 p=3, which OWASP counts as equal to N=2^17 p=1. */
const cost = { ln: 15, r: 8, p: 3 }
const maxmem = 64 * 1024 * 1024
const saltBytes = 16
const hashBytes = 32
const mostAtOnce = 2

const derive = (password: string, salt: Buffer, { ln, r, p }: typeof cost): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(password.normalize('NFC'), salt, hashBytes, { N: 2 ** ln, r, p, maxmem }, (error, hash) => (error === null ? resolve(hash) : reject(error)))
  })

/** One-way forms of secrets by Node's own crypto. At most two passwords are hashed at once; the others wait in order. */
export const createSecretHasher = (): SecretHasher => {
  const inTurn = createTurns(mostAtOnce)
  // Checked against where there is no user, so that a wrong name takes as long as a wrong password.
  const nobody = format(randomBytes(saltBytes), randomBytes(hashBytes))
  return {
    digest: (secret) => createHash('sha256').update(secret).digest('hex'),
    hashPassword: (password) =>
      inTurn(async () => {
        const salt = randomBytes(saltBytes)
        return format(salt, await derive(password, salt, cost))
      }),
    verifyPassword: (password, hash) =>
      inTurn(async () => {
        const kept = parse(hash ?? nobody) ?? parse(nobody)
        if (kept === null) return false
        const derived = await derive(password, kept.salt, kept.cost)
        return timingSafeEqual(derived, kept.hash) && hash !== null
      }),
  }
}

const format = (salt: Buffer, hash: Buffer): string => `$scrypt$ln=${cost.ln},r=${cost.r},p=${cost.p}$${salt.toString('base64')}$${hash.toString('base64')}`

const shape = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/=]+)\$([A-Za-z0-9+/=]+)$/

const parse = (text: string): { cost: typeof cost; salt: Buffer; hash: Buffer } | null => {
  const [, ln, r, p, salt, hash] = shape.exec(text) ?? []
  if (salt === undefined || hash === undefined) return null
  const bytes = Buffer.from(hash, 'base64')
  return bytes.length === hashBytes ? { cost: { ln: Number(ln), r: Number(r), p: Number(p) }, salt: Buffer.from(salt, 'base64'), hash: bytes } : null
}

const createTurns = (most: number): (<Result>(work: () => Promise<Result>) => Promise<Result>) => {
  const waiting: (() => void)[] = []
  let running = 0
  return async (work) => {
    if (running >= most) await new Promise<void>((go) => waiting.push(go))
    else running += 1
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) running -= 1
      else next()
    }
  }
}
