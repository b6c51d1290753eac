import { limits, TesseraError } from '@tessera/protocol'

/** Where a server listens, in the forms that the SDK needs. */
export interface ServerAddress {
  /** `http://host:port`, no slash at the end. */
  origin: string
  host: string
  port: number
  secure: boolean
}

/**
 * Reads `host`, `host:port`, `[::1]:port` and `http(s)://host:port`; the port is 19813 where none is given.
 * @throws TesseraError `BAD_REQUEST` saying which forms there are.
 */
export const parseAddress = (text: string): ServerAddress => {
  const url = urlOf(text.trim())
  if (url === null) throw badAddress(text)
  const port = url.portText === '' ? limits.defaultPort : Number(url.portText)
  if (port < 1 || port > 65_535) throw badAddress(text)
  return { origin: `${url.secure ? 'https' : 'http'}://${url.host}:${port}`, host: url.host, port, secure: url.secure }
}

const addressForm = /^(?:(https?):\/\/)?(\[[0-9a-f:.%]+\]|[^\s/:@?#[\]\\]+)(?::(\d{1,5}))?\/?$/i

const urlOf = (text: string): { secure: boolean; host: string; portText: string } | null => {
  const [, scheme = '', host = '', portText = ''] = addressForm.exec(text) ?? []
  if (host === '' || !URL.canParse(`http://${host}`)) return null
  return { secure: scheme.toLowerCase() === 'https', host: host.toLowerCase(), portText }
}

const badAddress = (text: string): TesseraError =>
  new TesseraError('BAD_REQUEST', `"${text}" is no server address: write host, host:port, [::1]:port or https://host:port.`)
