import { checkDeadline, decodeStorable, encodeStorable, type Storable, TesseraError } from '@tessera/protocol'

/** JSON of the command line as storable values. @throws TesseraError `BAD_REQUEST` naming the argument. */
export const parseArguments = (texts: readonly string[]): Storable[] =>
  texts.map((text, index) => {
    try {
      return decodeStorable(text)
    } catch (cause) {
      throw new TesseraError('BAD_REQUEST', `Argument ${index + 1} is not JSON: ${text.slice(0, 60)} (a text is written '"like this"')`, { cause })
    }
  })

/** A storable value as JSON with Date, bigint and bytes written as `{"$date"}`, `{"$bigint"}`, `{"$bytes"}`. */
export const toJson = (value: Storable): unknown => JSON.parse(encodeStorable(value))

/** Reads the password from standard input, up to the first end of line. */
export const readPassword = async (): Promise<string> => {
  let text = ''
  for await (const piece of process.stdin.setEncoding('utf8')) text += String(piece)
  return text.split(/\r?\n/)[0] ?? ''
}

/** A deadline of the command line. @throws TesseraError `DEADLINE_INVALID`. */
export const parseDeadline = (text: string): number => {
  const ms = text.trim() === '' ? Number.NaN : Number(text)
  checkDeadline(ms)
  return ms
}

export interface SignInOptions {
  user?: string
  passwordStdin?: boolean
}

export const signInOf = async ({ user, passwordStdin }: SignInOptions): Promise<{ user?: string; password?: string }> => ({
  ...(user === undefined ? {} : { user }),
  ...(passwordStdin === true ? { password: await readPassword() } : {}),
})
