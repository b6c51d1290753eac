import { createHash, randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import type { SecretHasher } from '@tessera/core'

/** What one password costs to try: N = 2^ln, and 128 * N * r bytes. */
export interface PasswordCost {
  ln: number
  r: number
  p: number
}

/** 6-security.md E1: 32 MiB a hash, below `maxmem`. */
const productCost: PasswordCost = { ln: 15, r: 8, p: 3 }
const maxmem = 64 * 1024 * 1024
const saltBytes = 16
const hashBytes = 32
/** Each takes a core and 32 MiB: more of them would only starve the rest of the server. */
const atOnce = 2

/** A kept password: `$scrypt$ln=15,r=8,p=3$<salt>$<hash>`, base64 without padding. */
interface KeptPassword extends PasswordCost {
  salt: Buffer
  hash: Buffer
}

/** A lower cost is for tests. */
export const createSecretHasher = (cost: PasswordCost = productCost): SecretHasher => {
  /** Compared with where there is no such user: the same work, and never equal to anything. */
  const nobody: KeptPassword = { ...cost, salt: Buffer.alloc(saltBytes), hash: Buffer.alloc(hashBytes) }
  const turns = new Turns(atOnce)
  const derive = (password: string, kept: Omit<KeptPassword, 'hash'>): Promise<Buffer> => turns.take(() => runScrypt(password, kept))
  return {
    digest: (secret) => createHash('sha256').update(secret).digest('hex'),

    async hashPassword(password) {
      const salt = randomBytes(saltBytes)
      return formatKept({ ...cost, salt, hash: await derive(password, { ...cost, salt }) })
    },

    async verifyPassword(password, text) {
      const kept = text === null ? null : parseKept(text)
      const { hash, ...how } = kept ?? nobody
      const same = timingSafeEqual(await derive(password, how), hash)
      return same && kept !== null
    },
  }
}

/** The same password typed on two systems may be encoded in two ways. */
const runScrypt = (password: string, { ln, r, p, salt }: Omit<KeptPassword, 'hash'>): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const options: ScryptOptions = { N: 2 ** ln, r, p, maxmem }
    scrypt(password.normalize('NFKC'), salt, hashBytes, options, (error, hash) => (error === null ? resolve(hash) : reject(error)))
  })

const formatKept = ({ ln, r, p, salt, hash }: KeptPassword): string => `$scrypt$ln=${ln},r=${r},p=${p}$${unpadded(salt)}$${unpadded(hash)}`

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '')

/** Null for anything else than what this file writes, or wrote with a lower cost; never work that `maxmem` would refuse. */
const parseKept = (text: string): KeptPassword | null => {
  const parts = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/.exec(text)
  if (parts === null) return null
  const [ln, r, p] = parts.slice(1, 4).map(Number)
  const [salt, hash] = parts.slice(4).map((part) => Buffer.from(part, 'base64'))
  if (ln === undefined || r === undefined || p === undefined || salt === undefined || hash === undefined) return null
  const affordable = isUpTo(productCost.ln, ln) && isUpTo(productCost.r, r) && isUpTo(productCost.p, p)
  return affordable ? { ln, r, p, salt, hash } : null
}

const isUpTo = (most: number, value: number): boolean => value >= 1 && value <= most

/** Lets `many` work at once, the others in order of arrival. */
class Turns {
  #free: number
  readonly #waiting: (() => void)[] = []

  constructor(many: number) {
    this.#free = many
  }

  async take<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#free > 0) this.#free -= 1
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#free += 1
      else next()
    }
  }
}
