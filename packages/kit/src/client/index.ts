import type { Storable } from '@tessera/protocol'
import { needKitHost } from '../kit-host.ts'

/** What the packer puts in the client half in place of a server method: the same name, called over the wire. */
export const callsServer =
  (method: string) =>
  (...args: readonly unknown[]): Promise<Storable> =>
    needKitHost().callServer(method, args)
