import type { SecretHasher } from '../ports/secret-hasher.ts'

/** Looks like the real one and costs nothing. Never outside tests: neither form hides anything. */
export class PlainHasher implements SecretHasher {
  digest(secret: string): string {
    return Array.from({ length: 8 }, (_none, seed) => fnv(secret, seed)).join('')
  }

  async hashPassword(password: string): Promise<string> {
    return `plain$${password}`
  }

  async verifyPassword(password: string, hash: string | null): Promise<boolean> {
    return hash === `plain$${password}`
  }
}

const fnv = (text: string, seed: number): string => {
  let hash = 0x811c9dc5 ^ Math.imul(seed + 1, 0x9e3779b1)
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return (hash >>> 0).toString(16).padStart(8, '0')
}
