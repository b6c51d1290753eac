/** One-way forms of secrets. */
export interface SecretHasher {
  /** Lower-case hexadecimal SHA-256: for secrets of 128 bits and more, which need no slow hash. */
  digest(secret: string): string
  /** A slow, salted hash for passwords, with its own parameters inside the text (6-security.md E1). */
  hashPassword(password: string): Promise<string>
  /** Takes the same time for a wrong password as for `null` (no such user). */
  verifyPassword(password: string, hash: string | null): Promise<boolean>
}
