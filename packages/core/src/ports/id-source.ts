/** Fresh names and secrets. */
export interface IdSource {
  /** 32 upper-case hexadecimal digits, never the same twice. */
  id(): string
  /** 256 random bits as base64url (43 characters): a bearer secret. */
  secret(): string
}
